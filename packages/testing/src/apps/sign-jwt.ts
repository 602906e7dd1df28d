import { createHmac } from 'node:crypto';

/** Creates a JWT with these claims, signed with HS256 (RFC 7519, RFC 7518 §3.2). */
export function signJwt(claims: object, secret: string, header: object = { alg: 'HS256' }): string {
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
