import type { AskNode } from '@turn-router/registry';
import { answersStun } from '@turn-router/stun';

/**
 * Longest wait for a response, ms. It is long enough for another continent and one retry. It is short enough that a dead node is dropped 3 s after
 * its report has disappeared.
 */
const timeoutMs = 1_500;

/** Asks the node for a sign of life over UDP, at the address that callers use. An error response proves life too. */
export const askNodeByStun: AskNode = ({ report }, signal) => {
  const host = report.public_ip ?? report.public_ipv6 ?? report.hostname ?? '';
  return answersStun({ host, port: report.port, transport: 'udp' }, { timeoutMs, signal });
};
