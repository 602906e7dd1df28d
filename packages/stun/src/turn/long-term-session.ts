import { attributeTypes } from '../message/attribute-type.ts';
import { readErrorCode, staleNonce, unauthenticated } from '../message/error-code.ts';
import { malformed } from '../message/malformed.ts';
import { readExactText, readText, requireAttribute } from '../message/read-attributes.ts';
import type { StunAttribute, StunMessage } from '../message/stun-message.ts';
import { refusal } from '../refusal.ts';
import { StunError } from '../stun-error.ts';
import type { StunConnection, StunRequest } from '../transaction/stun-connection.ts';
import type { StunAnswer } from '../transaction/stun-transaction.ts';
import type { TransportAddress } from '../transport-address.ts';
import { longTermKey, type LongTermCredentials } from './long-term-credentials.ts';

export type SessionOptions = {
  /** The realm that the server must have. By default any realm is accepted, as in browsers. */
  readonly realm?: string | undefined;
};

/** A request without its credentials. */
export type SessionRequest = {
  readonly method: number;
  readonly attributes?: readonly StunAttribute[];
  readonly peer?: TransportAddress;
};

export type SignedSuccess = StunAnswer & { readonly realm: string };

/** Sends requests with the long-term credential mechanism (RFC 8489 §9.2). Answers the server's challenge, and uses a new nonce if the old nonce is stale. */
export type LongTermSession = {
  /**
   * @returns a success response that the server signed with these credentials, and the round trip of the last request
   * @throws StunError with one of these codes, or with a code of `transact`:
   *   - `refused` for an error response: 401 if the server rejects the credentials, 438 if even the new nonce is stale
   *   - `realm` if the server's realm is not the expected realm
   *   - `malformed` if the server requires no credentials
   */
  readonly request: (request: SessionRequest) => Promise<SignedSuccess>;
  /** Sends a request once and ignores its response. */
  readonly notify: (request: SessionRequest) => void;
};

export function createLongTermSession(
  connection: StunConnection,
  credentials: LongTermCredentials,
  { realm: expectedRealm }: SessionOptions = {},
): LongTermSession {
  let challenge: Challenge | undefined;

  function accept(next: Challenge): void {
    if (expectedRealm !== undefined && next.realm !== expectedRealm) {
      const announced = readText(Buffer.from(next.realm));
      const message = `the server's realm is "${announced}": expected "${expectedRealm}"`;
      throw new StunError('realm', message, { fault: 'wrong_realm' });
    }
    challenge = next;
  }

  async function transact(request: SessionRequest) {
    const answer = await connection.transact(sign(request));
    const errorCode = answer.message.messageClass === 'error' ? readErrorCode(answer.message) : undefined;
    return { answer, errorCode };
  }

  /** Signs a request. The first request is unsigned, because the client gets realm and nonce from the response (RFC 8489 §9.2.3.1). */
  function sign({ attributes = [], ...request }: SessionRequest): StunRequest {
    if (challenge === undefined) return { ...request, attributes };
    const { realm, nonce } = challenge;
    return {
      ...request,
      attributes: [
        ...attributes,
        { type: attributeTypes.username, value: Buffer.from(credentials.username) },
        { type: attributeTypes.realm, value: Buffer.from(realm) },
        { type: attributeTypes.nonce, value: nonce },
      ],
      integrityKey: longTermKey(credentials, realm),
    };
  }

  return {
    async request(request) {
      let { answer, errorCode } = await transact(request);
      if (errorCode?.code === unauthenticated && challenge === undefined) {
        accept(readChallenge(answer.message));
        ({ answer, errorCode } = await transact(request));
      }
      if (errorCode?.code === staleNonce) {
        accept(readChallenge(answer.message));
        ({ answer, errorCode } = await transact(request));
      }
      if (errorCode !== undefined) throw refusal(request.method, errorCode);
      if (challenge === undefined) {
        throw new StunError(
          'malformed',
          'the server accepted the request without credentials, so the credentials could not be tested',
        );
      }
      return { ...answer, realm: challenge.realm };
    },
    notify: (request) => connection.notify(sign(request)),
  };
}

/** The realm and nonce that the server requires in signed requests. The nonce has no meaning for the client. */
type Challenge = { readonly realm: string; readonly nonce: Uint8Array };

/** The maximum length of REALM and NONCE (RFC 8489 §14.9 and §14.10): 127 characters, which are at most 763 bytes in the encodings of RFC 5389. */
const valueMaxBytes = 763;

/** Reads realm and nonce from a 401 or 438 response. @throws StunError `malformed` if realm or nonce is missing or invalid */
export function readChallenge(message: StunMessage): Challenge {
  const realm = requireAttribute(message, attributeTypes.realm, 'REALM');
  const nonce = requireAttribute(message, attributeTypes.nonce, 'NONCE');
  if (realm.length > valueMaxBytes || nonce.length > valueMaxBytes) {
    throw malformed(`REALM or NONCE is longer than ${valueMaxBytes} bytes`);
  }
  return { realm: readExactText(realm, 'REALM'), nonce };
}
