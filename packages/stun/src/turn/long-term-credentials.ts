import { createHash } from 'node:crypto';

/** The credentials of a TURN user, ephemeral (TURN REST) or static. Both texts are used unchanged, without OpaqueString preparation. */
export type LongTermCredentials = {
  /** 1–508 bytes of UTF-8 (RFC 8489 §14.3). */
  readonly username: string;
  readonly credential: string;
};

const usernameMaxBytes = 508;

/** Throws a RangeError if the user name is too short or too long. The message never holds the value. */
export function assertCredentials({ username }: LongTermCredentials): void {
  const length = Buffer.byteLength(username);
  if (length < 1 || length > usernameMaxBytes) {
    throw new RangeError(`credentials.username has ${length} bytes; expected 1 to ${usernameMaxBytes}`);
  }
}

/** Computes the HMAC key MD5(username ":" realm ":" credential); the protocol requires MD5 (RFC 8489 §9.2.2). */
export function longTermKey({ username, credential }: LongTermCredentials, realm: string): Uint8Array {
  return createHash('md5').update(`${username}:${realm}:${credential}`).digest();
}
