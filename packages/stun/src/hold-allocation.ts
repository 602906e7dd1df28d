import { methods } from './message/message-type.ts';
import type { StunServer } from './stun-server.ts';
import type { LongTermCredentials } from './turn/long-term-credentials.ts';
import { withAllocation, type AllocationOptions } from './turn/with-allocation.ts';

/** An allocation that is released when it is disposed. */
export interface HeldRelay extends AsyncDisposable {
  /**
   * Extends the allocation. It then ends after the server's default lifetime from now (RFC 8656 §8).
   *
   * @throws StunError with the fault `allocation_mismatch` if the server has ended the allocation
   */
  readonly refresh: () => Promise<void>;
}

/**
 * Makes an allocation and keeps it until it is disposed or `timeoutMs` has passed. The allocation counts for the user's quota.
 *
 * @throws the same errors as `allocateAndRelease`
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
