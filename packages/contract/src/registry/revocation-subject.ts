import { z } from 'zod';
import { apiKeyIdSchema } from '../terms/names.ts';
import { identifierSchema } from '../terms/text.ts';
import { isCustomerPrefix } from './customer-prefix.ts';

const subjectForms = 'user:<name>, address:<prefix>, key:<id>, key:<id>:user:<name> or key:<id>:address:<prefix>';

/** More than the longest subject has, a key's user. */
const subjectMaxLength = 256;

/**
 * Who is revoked, named as routers name callers:
 *
 * - `user:<name>`: whom a JWT's `sub` names
 * - `key:<id>:user:<name>`: whom an application names in its bodies
 * - `key:<id>`: an application with everybody under its key
 * - `address:<prefix>`: whom nobody names; IPv4 /32 or IPv6 /64, as `customerPrefix` has it
 * - `key:<id>:address:<prefix>`: the same, of an application
 */
export const revocationSubjectSchema = z
  .string()
  .max(subjectMaxLength)
  .refine(isSubject, `Invalid subject: expected ${subjectForms}`);

/** The key's id, of a subject that is a key with everybody under it. */
export function wholeKeyOf(subject: string): string | undefined {
  return /^key:([^:]*)$/.exec(subject)?.[1];
}

function isSubject(text: string): boolean {
  const [, id, caller] = /^key:([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (id === undefined) return isCaller(text);
  return apiKeyIdSchema.safeParse(id).success && (caller === undefined || isCaller(caller));
}

function isCaller(text: string): boolean {
  if (text.startsWith('user:')) return identifierSchema.safeParse(text.slice('user:'.length)).success;
  return text.startsWith('address:') && isCustomerPrefix(text.slice('address:'.length));
}
