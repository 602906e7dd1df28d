import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsOptions } from './redis-target.ts';
import { RedisUrlFault } from './redis-url-grammar.ts';

/**
 * What a URL says of TLS, as Node takes it. Certificates are always verified, and the name in them.
 *
 * @throws RedisUrlFault when the file of the authorities cannot be read or holds no certificate
 */
export function tlsSettings({ caFile, serverName }: TlsOptions) {
  return {
    ...(caFile === undefined ? {} : { ca: readCaFile(caFile) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

/** The authorities that sign the servers' certificates, PEM. */
function readCaFile(path: string): string {
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
