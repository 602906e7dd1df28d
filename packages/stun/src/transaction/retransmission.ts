/** The delay before the first retransmission of a request (RFC 8489 §6.2.1). */
const firstDelayMs = 500;
/** The total number of transmissions of a request (RFC 8489 §6.2.1, "Rc"). */
const sendCount = 7;

/** The delays between two transmissions of a request over UDP (RFC 8489 §6.2.1). */
export const retransmissionDelaysMs: readonly number[] = Array.from(
  { length: sendCount - 1 },
  (_, index) => firstDelayMs * 2 ** index,
);

/** Sends at once, and again after each delay of a request over UDP, until the returned object is disposed. */
export function sendRepeatedly(send: () => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  function transmit(repetitions: number): void {
    send();
    const delayMs = retransmissionDelaysMs[repetitions];
    if (delayMs !== undefined) timer = setTimeout(() => transmit(repetitions + 1), delayMs);
  }
  transmit(0);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
