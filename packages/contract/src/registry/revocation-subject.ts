import { z } from 'zod';
import { apiKeyIdSchema, issuerNameSchema } from '../terms/names.ts';
import { identifierSchema } from '../terms/text.ts';
import { isCustomerPrefix } from './customer-prefix.ts';

const subjectForms =
  'user:<name>, issuer:<issuer>:user:<name>, address:<prefix>, key:<id>, key:<id>:user:<name> or key:<id>:address:<prefix>';

/** Exceeds the longest subject, a user of a key. */
const subjectMaxLength = 256;

/**
 * A revoked subject, in the notation that routers use for callers:
 *
 * - `user:<name>`: the user that a JWT names, usually by `sub`
 * - `issuer:<issuer>:user:<name>`: the user in a JWT of an issuer that has a name
 * - `key:<id>:user:<name>`: a user that an application names in request bodies
 * - `key:<id>`: an API key with all its users
 * - `address:<prefix>`: anonymous callers of an address; IPv4 /32 or IPv6 /64 as `customerPrefix` returns it
 * - `key:<id>:address:<prefix>`: unnamed users of an API key at an address
 */
export const revocationSubjectSchema = z
  .string()
  .max(subjectMaxLength)
  .refine(isSubject, `Invalid subject: expected ${subjectForms}`);

/** Returns the key id if the subject is a whole key (`key:<id>`), else undefined. */
export function wholeKeyOf(subject: string): string | undefined {
  return /^key:([^:]*)$/.exec(subject)?.[1];
}

function isSubject(text: string): boolean {
  const [, issuer, user = ''] = /^issuer:([^:]*):(user:.*)$/s.exec(text) ?? [];
  if (issuer !== undefined) return issuerNameSchema.safeParse(issuer).success && isCaller(user);
  const [, id, caller] = /^key:([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (id === undefined) return isCaller(text);
  return apiKeyIdSchema.safeParse(id).success && (caller === undefined || isCaller(caller));
}

function isCaller(text: string): boolean {
  if (text.startsWith('user:')) return identifierSchema.safeParse(text.slice('user:'.length)).success;
  return text.startsWith('address:') && isCustomerPrefix(text.slice('address:'.length));
}
