import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TlsOptions } from './redis-target.ts';
import { RedisUrlFault } from './redis-url-grammar.ts';

/**
 * Converts the TLS options of a URL to Node's. Certificates and their names are always verified.
 *
 * @throws RedisUrlFault when the "ca" file cannot be read or contains no certificate
 */
export function tlsSettings({ caFile, serverName }: TlsOptions) {
  return {
    ...(caFile === undefined ? {} : { ca: readCaFile(caFile) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

/** Reads the certificate authorities of the servers, PEM. */
function readCaFile(path: string): string {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new RedisUrlFault(`the "ca" file cannot be read (${codeOf(error)})`);
  }
  try {
    void new X509Certificate(text);
  } catch {
    throw new RedisUrlFault('the "ca" file contains no PEM certificate');
  }
  return text;
}

/** Returns the system's error code, such as ENOENT. Its message would contain the path. */
function codeOf(error: unknown): string {
  return error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : 'unknown reason';
}
