import type { AskNode } from '@turn-router/registry';
import { sendBinding, StunError } from '@turn-router/stun';

/** Long enough for a response from another continent and one retry. Short enough that a dead node is dropped 3 s after it vanished. */
const timeoutMs = 1_500;

/** Sends a STUN Binding over UDP to the address that callers dial. Returns false for silence or an error. */
export const askNode: AskNode = async ({ report }, signal) => {
  const host = report.public_ip ?? report.public_ipv6 ?? report.hostname ?? '';
  try {
    await sendBinding({ host, port: report.port, transport: 'udp' }, { timeoutMs, signal });
    return true;
  } catch (error) {
    if (!(error instanceof StunError)) throw error;
    return false;
  }
};
