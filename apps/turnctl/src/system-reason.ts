import { getSystemErrorMap } from 'node:util';

/** Returns the text of a system error, such as `permission denied`. */
export function systemReason(error: unknown): string {
  const errno = typeof error === 'object' && error !== null && 'errno' in error ? error.errno : undefined;
  const known = typeof errno === 'number' ? getSystemErrorMap().get(errno) : undefined;
  return known?.[1] ?? String(error);
}
