import type { StunServer } from './stun-server.ts';
import type { LongTermCredentials } from './turn/long-term-credentials.ts';
import { withAllocation, type AllocationOptions } from './turn/with-allocation.ts';

/**
 * Allocates, and keeps the allocation until it is disposed of, or for the `timeoutMs` of the whole: what takes up a quota.
 *
 * @throws StunError as `allocateAndRelease` does
 */
export function holdAllocation(
  server: StunServer,
  credentials: LongTermCredentials,
  options: AllocationOptions,
): Promise<AsyncDisposable> {
  return new Promise((resolve, reject) => {
    const over = withAllocation(server, credentials, options, () => {
      return new Promise<void>((release) => {
        resolve({
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
