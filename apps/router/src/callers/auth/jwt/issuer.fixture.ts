import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { IssuerRules } from './jwt-verifier.ts';

export const issuer = 'https://id.example.org';
export const audience = 'turn-router';
/** Unix time at which tokens are made and checked, ms. */
export const nowMs = Date.parse('2026-11-21T08:00:00Z');
const nowSeconds = nowMs / 1000;

/** The rules for the tokens of `signToken`. */
export const rules: IssuerRules = {
  issuer: [issuer],
  algorithms: ['RS256', 'ES256'],
  audience: [audience, 'another'],
  audienceClaim: ['aud'],
  userClaim: 'sub',
};

export const validClaims = { iss: issuer, aud: audience, sub: 'alice', exp: nowSeconds + 300, nbf: nowSeconds };

export type KeyPair = { readonly kid: string; readonly alg: string; readonly privateKey: CryptoKey; readonly jwk: JWK };

export async function makeKeyPair(kid: string, alg = 'ES256'): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** Signs a valid token with this key, changed by these claims and header fields. */
export function signToken(
  { kid, alg, privateKey }: KeyPair,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT({ ...validClaims, ...claims }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
}

export interface Issuer extends AsyncDisposable {
  readonly url: string;
  /** Returns the number of requests so far. */
  readonly fetches: () => number;
  /** The response from now on. */
  answer: { status: number; body: string };
  /** The only path with this response; undefined: every path. */
  path: string | undefined;
  /** Whether connections are cut without a response. */
  isDown: boolean;
  readonly publish: (...keys: KeyPair[]) => void;
}

/** Starts a real HTTP server that publishes a JWKS. */
export async function startIssuer(...keys: KeyPair[]): Promise<Issuer> {
  let fetches = 0;
  const server = createServer((req, res) => {
    fetches += 1;
    if (issuerServer.isDown) res.destroy();
    else if ((issuerServer.path ?? req.url) !== req.url) res.writeHead(404).end();
    else res.writeHead(issuerServer.answer.status, { location: '/elsewhere' }).end(issuerServer.answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port, not on a path
  const { port } = server.address() as AddressInfo;
  const issuerServer: Issuer = {
    url: `http://127.0.0.1:${port}/jwks.json`,
    fetches: () => fetches,
    answer: { status: 200, body: '' },
    path: undefined,
    isDown: false,
    publish: (...published) => {
      issuerServer.answer = { status: 200, body: JSON.stringify({ keys: published.map(({ jwk }) => jwk) }) };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  issuerServer.publish(...keys);
  return issuerServer;
}
