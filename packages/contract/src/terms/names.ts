import { z } from 'zod';

/** It is part of Redis keys, log lines and the names of users, hence the narrow alphabet. */
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

/** Which node, as people and answers name it. */
export const nodeNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}\/[a-z0-9][a-z0-9-]{0,62}$/, 'Invalid node: expected <region>/<id>')
  .meta({ description: '`<region>/<id>`', example: 'eu-central-1/node-01' });

/** An API key's id. It stands in the key itself, where "_" ends it. */
export const apiKeyIdSchema = nameSchema('key id');

/** Which node: its region and its id there. */
export type NodeKey = { readonly region: string; readonly id: string };

/** `<region>/<id>`: how people and answers name a node. */
export function nodeNameFromKey({ region, id }: NodeKey): string {
  return `${region}/${id}`;
}

/** Reads `<region>/<id>`; undefined when it is anything else. */
export function parseNodeName(name: string): NodeKey | undefined {
  return nodeKeyFromNames(name.split('/'));
}

/** A node's key of exactly two names, both valid; else undefined. */
export function nodeKeyFromNames([region, id, ...rest]: readonly string[]): NodeKey | undefined {
  if (rest.length > 0 || !regionNameSchema.safeParse(region).success || !nodeIdSchema.safeParse(id).success) {
    return undefined;
  }
  return region === undefined || id === undefined ? undefined : { region, id };
}
