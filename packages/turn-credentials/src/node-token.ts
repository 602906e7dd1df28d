import { createHmac } from 'node:crypto';

/** Separates this derivation from any other derivation from the same token. */
const purpose = 'turn-router node token 1';

/**
 * Derives the token with which one node, and no other, reports to routers. Routers derive it again, so no list is kept.
 * base64url(HMAC-SHA256(reporterToken, purpose, line feed, node)), 43 characters.
 *
 * @param reporterToken the router's token, which accepts reports of every node
 * @param node `<region>/<id>`
 */
export function nodeToken(reporterToken: string, node: string): string {
  return createHmac('sha256', reporterToken).update(`${purpose}\n${node}`).digest('base64url');
}
