/** RFC 8489 §6.2.1: the first wait before a request is repeated. */
const firstDelayMs = 500;
/** RFC 8489 §6.2.1, "Rc": how often a request is sent in all. */
const sendCount = 7;

/** Over UDP, the waits between one sending of a request and the next (RFC 8489 §6.2.1). */
export const retransmissionDelaysMs: readonly number[] = Array.from(
  { length: sendCount - 1 },
  (_, index) => firstDelayMs * 2 ** index,
);
