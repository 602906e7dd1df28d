import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Writes a self-signed certificate for the name, good for two days, and its key; `certificate` is what is in the file (PEM).
 *
 * @param madeAfterDays how far from now its two days begin, days; negative: ago
 */
export async function makeCertificate(directory: string, name: string, madeAfterDays = 0) {
  const files = { certificateFile: join(directory, `${name}.pem`), privateKeyFile: join(directory, `${name}.key`) };
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' ');
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const output = ['-keyout', files.privateKeyFile, '-out', files.certificateFile];
  const made = `${madeAfterDays < 0 ? '' : '+'}${madeAfterDays}d`;
  await promisify(execFile)('faketime', ['-f', made, 'openssl', ...request, ...subject, ...output]);
  return { ...files, certificate: await readFile(files.certificateFile, 'utf8') };
}
