import type { AskNode } from '@turn-router/registry';
import { sendBinding, StunError } from '@turn-router/stun';

/**
 * Longest wait for a response, ms. It is long enough for another continent and one retry. It is short enough that a dead node is dropped 3 s after
 * its report has disappeared.
 */
const timeoutMs = 1_500;

/** Sends a STUN Binding request over UDP to the address that callers use. Returns false if there is no response, or an error. */
export const askNodeByStun: AskNode = async ({ report }, signal) => {
  const host = report.public_ip ?? report.public_ipv6 ?? report.hostname ?? '';
  try {
    await sendBinding({ host, port: report.port, transport: 'udp' }, { timeoutMs, signal });
    return true;
  } catch (error) {
    if (!(error instanceof StunError)) throw error;
    return false;
  }
};
