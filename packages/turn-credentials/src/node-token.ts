import { createHmac } from 'node:crypto';

/** Keeps what is derived here apart from whatever else may be derived from the same token one day. */
const purpose = 'turn-router node token 1';

/**
 * The token with which one node reports to a router, and no other: routers derive it again, so that nobody keeps a list.
 * base64url(HMAC-SHA256(reporterToken, purpose, line feed, node)), 43 characters.
 *
 * @param reporterToken the router's, which takes reports of every node
 * @param node `<region>/<id>`
 */
export function nodeToken(reporterToken: string, node: string): string {
  return createHmac('sha256', reporterToken).update(`${purpose}\n${node}`).digest('base64url');
}
