import { startDeadline, type DeadlineOptions } from './start-deadline.ts';

/**
 * Makes an outbound call that ends at its deadline. The result settles at the deadline even if the call ignores its signal.
 *
 * @throws the reason of the deadline, or the error of the call
 */
export async function withDeadline<Result>(
  options: DeadlineOptions,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  using deadline = startDeadline(options);
  const { signal } = deadline;
  return await new Promise<Result>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else call(signal).then(resolve, reject);
  });
}
