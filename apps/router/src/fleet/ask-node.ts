import type { AskNode } from '@turn-router/registry';
import { sendBinding, StunError } from '@turn-router/stun';

/** Long enough for an answer from another continent and one repetition; short enough that the dead are gone 3 s after they vanished. */
const timeoutMs = 1_500;

/** Asks a node as a client would meet it: a STUN Binding over UDP to the address that callers dial. Silence and refusal are a no. */
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
