import { z } from 'zod';

/** Names are parts of Redis keys, log lines and user names. Therefore only few characters are allowed. */
const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

function nameSchema(what: string) {
  return z
    .string()
    .regex(namePattern, `Invalid ${what}: expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"`);
}

/** A region's name, such as `eu-central-1`. */
export const regionNameSchema = nameSchema('region name');

/** A TURN node's id, unique in its region. */
export const nodeIdSchema = nameSchema('node id');

/** The full name of a node, for people and in responses: `<region>/<id>`. */
export const nodeNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}\/[a-z0-9][a-z0-9-]{0,62}$/, 'Invalid node: expected <region>/<id>')
  .meta({ description: '`<region>/<id>`', example: 'eu-central-1/node-01' });

/** The id of an API key. The key itself contains this id, followed by "_". */
export const apiKeyIdSchema = nameSchema('key id');

/** The name of a token issuer in the names of its users. */
export const issuerNameSchema = nameSchema('issuer name');

/** Identifies a node by its region and its id in that region. */
export type NodeKey = { readonly region: string; readonly id: string };

/** Returns `<region>/<id>`, the name of a node for people and responses. */
export function nodeNameFromKey({ region, id }: NodeKey): string {
  return `${region}/${id}`;
}

/** Parses `<region>/<id>`. Returns undefined for any other text. */
export function parseNodeName(name: string): NodeKey | undefined {
  return nodeKeyFromNames(name.split('/'));
}

/** Returns the node key if there are exactly two names and both are valid, else undefined. */
export function nodeKeyFromNames([region, id, ...rest]: readonly string[]): NodeKey | undefined {
  if (rest.length > 0 || !regionNameSchema.safeParse(region).success || !nodeIdSchema.safeParse(id).success) {
    return undefined;
  }
  return region === undefined || id === undefined ? undefined : { region, id };
}
