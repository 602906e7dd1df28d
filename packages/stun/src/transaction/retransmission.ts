/** RFC 8489 §6.2.1: the first wait before a request is repeated. */
const RTO_MS = 500;
/** RFC 8489 §6.2.1, "Rc": how often a request is sent in all. */
const SEND_COUNT = 7;

/** Over UDP, the waits between one sending of a request and the next (RFC 8489 §6.2.1). */
export const RETRANSMISSION_DELAYS_MS: readonly number[] = Array.from(
  { length: SEND_COUNT - 1 },
  (_, index) => RTO_MS * 2 ** index,
);
