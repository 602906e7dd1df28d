import { readFileSync, statSync } from 'node:fs';
import { issuerNameSchema } from '@turn-router/contract/registry';
import { parseYaml } from '@turn-router/settings';
import { z } from 'zod';
import type { IssuerConfig } from '../callers/auth/auth-config.ts';
import { defaultAlgorithms, publicKeyAlgorithms } from '../callers/auth/jwt/jwt-algorithms.ts';
import { readPublicKeys } from '../callers/auth/jwt/static-jwt-keys.ts';
import { hasPlaceholder, placeholderFault } from './placeholder.ts';

/** Maximum file size, bytes. An issuer needs some 300 bytes, or a few thousand with public keys. */
const fileMaxBytes = 1_048_576;

/** Maximum number of issuers. Each one with a JWKS costs one fetch in 5 minutes. */
const issuersMax = 64;

const isFilledIn = (value: string) => !hasPlaceholder(value);

const text = z.string().min(1).max(2_048).refine(isFilledIn, placeholderFault);

/** One value or a list of values. */
function oneOrMany<Item extends z.ZodType<string>>(item: Item) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(item, 'Expected one text or a list of texts').min(1).max(64),
  );
}

const issuerSchema = z
  .strictObject({
    name: issuerNameSchema.optional(),
    issuer: oneOrMany(text),
    jwksUrl: z
      .string()
      .refine(isFilledIn, { error: placeholderFault, abort: true })
      .refine(isKeyUrl, 'Expected an https URL without user and password, or an http URL of this machine')
      .optional(),
    publicKey: z.string().optional(),
    audience: oneOrMany(text).optional(),
    audienceClaim: oneOrMany(text).default(['aud']),
    algorithms: oneOrMany(z.enum(publicKeyAlgorithms)).default([...defaultAlgorithms.public]),
    userClaim: text.default('sub'),
  })
  .transform(({ publicKey, ...issuer }, context): IssuerConfig => {
    const fault = (field: string, message: string) => {
      context.issues.push({ code: 'custom', path: [field], message, input: undefined });
    };
    if ((issuer.jwksUrl === undefined) === (publicKey === undefined)) {
      fault('jwksUrl', 'Expected exactly one of jwksUrl and publicKey');
    }
    if (issuer.jwksUrl !== undefined && issuer.audience === undefined) {
      fault('audience', 'Missing: expected a value that tokens must have, because jwksUrl is set');
    }
    const read = publicKey === undefined ? undefined : readPublicKeys(publicKey);
    if (read?.ok === false) fault('publicKey', read.fault);
    return {
      ...issuer,
      jwksUrl: issuer.jwksUrl,
      audience: issuer.audience,
      publicKeys: read?.ok === true ? read.keys : undefined,
    };
  });

/** A user must belong to exactly one issuer, and two users must never have the same name. So spellings and names are unique. */
const fileSchema = z
  .array(issuerSchema, 'Expected a list of issuers: begin each with "- "')
  .min(1)
  .max(issuersMax)
  .superRefine((issuers, context) => {
    const seen = new Set<string>();
    for (const [index, { name, issuer = [] }] of issuers.entries()) {
      const nameText = name === undefined ? undefined : `name ${JSON.stringify(name)}`;
      for (const each of [nameText ?? 'no name', ...issuer.map((spelling) => `issuer ${JSON.stringify(spelling)}`)]) {
        const message =
          each === 'no name'
            ? 'Missing: expected a name, because another issuer has none. Only the users of one issuer have names without it'
            : `Duplicate ${each}: expected each one once`;
        const field = each.startsWith('issuer ') ? 'issuer' : 'name';
        if (seen.has(each)) context.addIssue({ code: 'custom', path: [index, field], message });
        seen.add(each);
      }
    }
  });

export type ReadIssuersFile =
  | { readonly ok: true; readonly issuers: readonly IssuerConfig[] }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Reads the issuers whose tokens the router accepts. Never throws. */
export function readIssuersFile(path: string): ReadIssuersFile {
  const file = JSON.stringify(path);
  let content;
  try {
    const stats = statSync(path);
    if (!stats.isFile())
      return { ok: false, faults: [`${file} is not a file: expected a file with a list of issuers`] };
    const { size } = stats;
    if (size > fileMaxBytes) {
      return { ok: false, faults: [`${file} has ${size} bytes: expected at most ${fileMaxBytes}`] };
    }
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
    return { ok: false, faults: [`Cannot read ${file} (${code}): expected a readable file with a list of issuers`] };
  }
  const parsed = parseYaml(content, fileSchema);
  if (parsed.ok) return { ok: true, issuers: parsed.value };
  return {
    ok: false,
    faults: parsed.faults.map(
      ({ line, field, detail }) => `line ${line}: ${field === '' ? '' : `${field}: `}${detail}`,
    ),
  };
}

/** Accepts an https URL, or an http URL of this machine. With http, anybody on the network path could insert other keys. */
export function isKeyUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password, hash } = new URL(url);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isHere)) && username + password + hash === '';
}
