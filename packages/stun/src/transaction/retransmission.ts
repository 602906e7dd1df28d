/** RFC 8489 §6.2.1: the first wait before a request is retransmitted. */
const firstDelayMs = 500;
/** RFC 8489 §6.2.1, "Rc": the total number of times that a request is sent. */
const sendCount = 7;

/** The waits between two transmissions of a request over UDP (RFC 8489 §6.2.1). */
export const retransmissionDelaysMs: readonly number[] = Array.from(
  { length: sendCount - 1 },
  (_, index) => firstDelayMs * 2 ** index,
);
