/** Matches realms that have no special meaning in an ACL rule, a key pattern, or the configuration of a TURN server. */
export const plainRealm: RegExp = /^[A-Za-z0-9._-]{1,127}$/;

/**
 * Returns the name of the Redis set from which coturn reads the secrets of a realm, if its configuration has `redis-userdb`. Source:
 * `schema.userdb.redis` of coturn.
 */
export function turnSecretsKey(realm: string): string {
  return `turn/realm/${realm}/secret`;
}
