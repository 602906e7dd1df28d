import { methods } from './message/message-type.ts';
import type { StunServer } from './stun-server.ts';
import type { LongTermCredentials } from './turn/long-term-credentials.ts';
import { withAllocation, type AllocationOptions } from './turn/with-allocation.ts';

/** An allocation that is released when it is disposed. */
export interface HeldRelay extends AsyncDisposable {
  /**
   * Extends the allocation by the server's default lifetime from now on (RFC 8656 §8).
   *
   * @throws StunError: `allocation_mismatch` when the server has ended it
   */
  readonly refresh: () => Promise<void>;
}

/**
 * Allocates, and keeps the allocation until it is disposed or `timeoutMs` has passed. It uses up a quota.
 *
 * @throws StunError as `allocateAndRelease` does
 */
export function holdAllocation(
  server: StunServer,
  credentials: LongTermCredentials,
  options: AllocationOptions,
): Promise<HeldRelay> {
  return new Promise((resolve, reject) => {
    const over = withAllocation(server, credentials, options, ({ session }) => {
      return new Promise<void>((release) => {
        resolve({
          refresh: async () => void (await session.request({ method: methods.refresh })),
          async [Symbol.asyncDispose]() {
            release();
            await over;
          },
        });
      });
    });
    over.catch(reject);
  });
}
