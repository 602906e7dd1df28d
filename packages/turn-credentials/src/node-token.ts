import { createHmac } from 'node:crypto';

/** A constant for this purpose only. Another derivation from the same token with another constant gives unrelated values. */
const purpose = 'turn-router node token 1';

/**
 * Derives the token that allows reports to routers for one node only. Routers derive the token again for each check, so they store no list of tokens.
 * base64url(HMAC-SHA256(reporterToken, purpose, line feed, node)), 43 characters.
 *
 * @param reporterToken the router's token, with which a reporter may report for every node
 * @param node `<region>/<id>`
 */
export function nodeToken(reporterToken: string, node: string): string {
  return createHmac('sha256', reporterToken).update(`${purpose}\n${node}`).digest('base64url');
}
