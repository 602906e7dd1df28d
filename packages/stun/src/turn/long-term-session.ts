import { ATTRIBUTE } from '../message/attribute-type.ts';
import { readErrorCode, STALE_NONCE, UNAUTHENTICATED } from '../message/error-code.ts';
import type { StunAttribute } from '../message/stun-message.ts';
import { refusal } from '../refusal.ts';
import { StunError } from '../stun-error.ts';
import type { StunConnection, StunRequest } from '../transaction/stun-connection.ts';
import type { StunAnswer } from '../transaction/stun-transaction.ts';
import { readChallenge, type Challenge } from './challenge.ts';
import { longTermKey, type LongTermCredentials } from './long-term-credentials.ts';

export type SignedSuccess = StunAnswer & { realm: string };

/** Requests under the long-term credential mechanism (RFC 8489 §9.2): answers the challenge, renews a stale nonce. */
export class LongTermSession {
  readonly #connection: StunConnection;
  readonly #credentials: LongTermCredentials;
  #challenge: Challenge | undefined;

  constructor(connection: StunConnection, credentials: LongTermCredentials) {
    this.#connection = connection;
    this.#credentials = credentials;
  }

  /**
   * @returns a success response that the server signed with these credentials, and the round trip of that last request
   * @throws StunError `refused` for an error response, 401 when the credentials did not convince and 438 when even the
   *   renewed nonce was stale; `malformed` when the server asks for no credentials; the codes of `transact` otherwise
   */
  async request(method: number, attributes: readonly StunAttribute[]): Promise<SignedSuccess> {
    let { answer, errorCode } = await this.#transact({ method, attributes });
    if (errorCode?.code === UNAUTHENTICATED && this.#challenge === undefined) {
      this.#challenge = readChallenge(answer.message);
      ({ answer, errorCode } = await this.#transact({ method, attributes }));
    }
    if (errorCode?.code === STALE_NONCE) {
      this.#challenge = readChallenge(answer.message);
      ({ answer, errorCode } = await this.#transact({ method, attributes }));
    }
    if (errorCode !== undefined) throw refusal(method, errorCode);
    if (this.#challenge === undefined) {
      throw new StunError('malformed', 'the server asked for no credentials, so its answer proves nothing about them');
    }
    return { ...answer, realm: this.#challenge.realm };
  }

  /** Sends a request once and leaves its answer unread. */
  notify(method: number, attributes: readonly StunAttribute[]): void {
    this.#connection.notify(this.#sign({ method, attributes }));
  }

  async #transact(request: StunRequest) {
    const answer = await this.#connection.transact(this.#sign(request));
    const errorCode = answer.message.messageClass === 'error' ? readErrorCode(answer.message) : undefined;
    return { answer, errorCode };
  }

  /** The first request goes unsigned, to learn realm and nonce (RFC 8489 §9.2.3.1). */
  #sign({ method, attributes }: StunRequest): StunRequest {
    if (this.#challenge === undefined) return { method, attributes };
    const { realm, nonce } = this.#challenge;
    return {
      method,
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
