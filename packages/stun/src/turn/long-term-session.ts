import { ATTRIBUTE } from '../message/attribute-type.ts';
import { readErrorCode, STALE_NONCE, UNAUTHENTICATED } from '../message/error-code.ts';
import { readText } from '../message/read-attributes.ts';
import type { StunAttribute } from '../message/stun-message.ts';
import { refusal } from '../refusal.ts';
import { StunError } from '../stun-error.ts';
import type { StunConnection, StunRequest } from '../transaction/stun-connection.ts';
import type { StunAnswer } from '../transaction/stun-transaction.ts';
import type { TransportAddress } from '../transport-address.ts';
import { readChallenge, type Challenge } from './challenge.ts';
import { longTermKey, type LongTermCredentials } from './long-term-credentials.ts';

export type SessionOptions = {
  /** What the server has to call its realm; default: whatever it does, as browsers do. */
  realm?: string | undefined;
};

/** What a request holds besides its credentials. */
export type SessionRequest = { method: number; attributes?: readonly StunAttribute[]; peer?: TransportAddress };

export type SignedSuccess = StunAnswer & { realm: string };

/** Requests under the long-term credential mechanism (RFC 8489 §9.2): answers the challenge, renews a stale nonce. */
export class LongTermSession {
  readonly #connection: StunConnection;
  readonly #credentials: LongTermCredentials;
  readonly #expectedRealm: string | undefined;
  #challenge: Challenge | undefined;

  constructor(connection: StunConnection, credentials: LongTermCredentials, { realm }: SessionOptions = {}) {
    this.#connection = connection;
    this.#credentials = credentials;
    this.#expectedRealm = realm;
  }

  /**
   * @returns a success response that the server signed with these credentials, and the round trip of that last request
   * @throws StunError `refused` for an error response, 401 when the credentials did not convince and 438 when even the
   *   renewed nonce was stale; `realm` when the server's is not the expected one; `malformed` when the server asks for
   *   no credentials; the codes of `transact` otherwise
   */
  async request(request: SessionRequest): Promise<SignedSuccess> {
    let { answer, errorCode } = await this.#transact(request);
    if (errorCode?.code === UNAUTHENTICATED && this.#challenge === undefined) {
      this.#accept(readChallenge(answer.message));
      ({ answer, errorCode } = await this.#transact(request));
    }
    if (errorCode?.code === STALE_NONCE) {
      this.#accept(readChallenge(answer.message));
      ({ answer, errorCode } = await this.#transact(request));
    }
    if (errorCode !== undefined) throw refusal(request.method, errorCode);
    if (this.#challenge === undefined) {
      throw new StunError('malformed', 'the server asked for no credentials, so its answer proves nothing about them');
    }
    return { ...answer, realm: this.#challenge.realm };
  }

  /** Sends a request once and leaves its answer unread. */
  notify(request: SessionRequest): void {
    this.#connection.notify(this.#sign(request));
  }

  #accept(challenge: Challenge): void {
    if (this.#expectedRealm !== undefined && challenge.realm !== this.#expectedRealm) {
      const announced = readText(Buffer.from(challenge.realm));
      const message = `the server's realm is "${announced}", expected "${this.#expectedRealm}"`;
      throw new StunError('realm', message, { fault: 'wrong_realm' });
    }
    this.#challenge = challenge;
  }

  async #transact(request: SessionRequest) {
    const answer = await this.#connection.transact(this.#sign(request));
    const errorCode = answer.message.messageClass === 'error' ? readErrorCode(answer.message) : undefined;
    return { answer, errorCode };
  }

  /** The first request goes unsigned, to learn realm and nonce (RFC 8489 §9.2.3.1). */
  #sign({ attributes = [], ...request }: SessionRequest): StunRequest {
    if (this.#challenge === undefined) return { ...request, attributes };
    const { realm, nonce } = this.#challenge;
    return {
      ...request,
      attributes: [
        ...attributes,
        { type: ATTRIBUTE.username, value: Buffer.from(this.#credentials.username) },
        { type: ATTRIBUTE.realm, value: Buffer.from(realm) },
        { type: ATTRIBUTE.nonce, value: nonce },
      ],
      integrityKey: longTermKey(this.#credentials, realm),
    };
  }
}
