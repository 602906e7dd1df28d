import { isIPv4, isIPv6 } from 'node:net';
import { identifierSchema } from '@turn-router/contract/http';
import { customerPrefix, revocationSubjectSchema } from '@turn-router/contract/registry';
import { InvalidArgumentError } from 'commander';
import { parsedArgument } from '../parsed-argument.ts';

export type UnderKey = { readonly key?: string };

export function subjectOfUser(name: string, { key }: UnderKey): string {
  return key === undefined ? `user:${name}` : `key:${key}:user:${name}`;
}

/** @param prefix a result of `parseCustomerPrefix` */
export function subjectOfAddress(prefix: string, { key }: UnderKey): string {
  return key === undefined ? `address:${prefix}` : `key:${key}:address:${prefix}`;
}

export function parseUserName(text: string): string {
  return parsedArgument(identifierSchema, text);
}

export function parseSubject(text: string): string {
  return parsedArgument(revocationSubjectSchema, text);
}

/** Parses an address with or without the prefix length that routers use for one caller: /32 for IPv4, /64 for IPv6. */
export function parseCustomerPrefix(text: string): string {
  const [address = '', bits, ...rest] = text.split('/');
  const isMapped = /^::ffff:/i.test(address);
  if (rest.length === 0 && isIPv4(address) && (bits ?? '32') === '32') return customerPrefix(address);
  if (rest.length === 0 && isIPv6(address) && !address.includes('%') && !isMapped && (bits ?? '64') === '64') {
    return customerPrefix(address);
  }
  throw new InvalidArgumentError('Expected an IPv4 address, an IPv6 address, or an IPv6 /64.');
}
