import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { RedisUrlFault } from './redis-url-fault.ts';

/**
 * The authorities that sign the servers' certificates, PEM.
 *
 * @throws RedisUrlFault when the file cannot be read or holds no certificate
 */
export function readCaFile(path: string): string {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new RedisUrlFault(`the file of "ca" cannot be read (${codeOf(error)})`);
  }
  try {
    void new X509Certificate(text);
  } catch {
    throw new RedisUrlFault('the file of "ca" holds no certificate in PEM');
  }
  return text;
}

/** The system's own word, such as ENOENT; its message would name the path. */
function codeOf(error: unknown): string {
  return error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : 'unknown reason';
}
