import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export type LeafOptions = {
  readonly name: string;
  /** Default: the alternative name `DNS:<name>`. Empty: the name is only the common name. */
  readonly alternativeName?: string;
  /** Days from now until the two days of the certificate begin. */
  readonly madeAfterDays?: number;
};

/** An authority that signs with an intermediate certificate, as public authorities do. */
export type CertificateChain = {
  /** The root certificate, PEM. */
  readonly root: string;
  /** Signs a certificate. `full` has the certificate and the intermediate one, `leafOnly` lacks the latter. */
  sign(leaf: LeafOptions): Promise<{ full: string; leafOnly: string; privateKeyFile: string }>;
};

const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'.split(' ');
const authority = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];

function openssl(daysFromNow: number, ...args: string[]) {
  const time = `${daysFromNow < 0 ? '' : '+'}${daysFromNow}d`;
  return promisify(execFile)('faketime', ['-f', time, 'openssl', ...args]);
}

/** Makes certificates with openssl in a directory. */
export async function makeCertificateChain(directory: string): Promise<CertificateChain> {
  const at = (file: string) => join(directory, file);
  const keyAndRequest = (name: string) => ['-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)];
  const signedBy = (issuer: string) => ['-CA', at(`${issuer}.pem`), '-CAkey', at(`${issuer}.key`), '-CAcreateserial'];

  const root = ['-keyout', at('root.key'), '-out', at('root.pem'), '-subj', '/CN=Root of tests', '-days', '60'];
  await openssl(-30, 'req', '-x509', ...newKey, ...root, ...authority);
  await openssl(-30, 'req', ...newKey, ...keyAndRequest('between'), '-subj', '/CN=Intermediate of tests');
  await writeFile(at('between.ext'), 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n');
  const request = ['-req', '-in', at('between.csr'), '-out', at('between.pem'), '-extfile', at('between.ext')];
  await openssl(-30, 'x509', ...request, ...signedBy('root'), '-days', '60');

  return {
    root: await readFile(at('root.pem'), 'utf8'),
    async sign({ name, alternativeName = `DNS:${name}`, madeAfterDays = 0 }) {
      const files = { leafOnly: at(`${name}.pem`), full: at(`${name}.full.pem`), privateKeyFile: at(`${name}.key`) };
      await openssl(madeAfterDays, 'req', ...newKey, ...keyAndRequest(name), '-subj', `/CN=${name}`);
      const extension = alternativeName === '' ? '' : `subjectAltName=${alternativeName}\n`;
      await writeFile(at(`${name}.ext`), `basicConstraints=CA:FALSE\n${extension}`);
      const leaf = ['-req', '-in', at(`${name}.csr`), '-out', files.leafOnly, '-extfile', at(`${name}.ext`)];
      await openssl(madeAfterDays, 'x509', ...leaf, ...signedBy('between'), '-days', '2');
      const pems = await Promise.all([files.leafOnly, at('between.pem')].map((file) => readFile(file, 'utf8')));
      await writeFile(files.full, pems.join(''));
      return files;
    },
  };
}
