import { withDeadline } from '@turn-router/deadline';
import type { AskNode } from '@turn-router/registry';
import { answersStun } from '@turn-router/stun';
import { lookup as lookUp } from 'node:dns/promises';
import { isIP } from 'node:net';

/**
 * Longest wait for DNS and a response together, ms. It is long enough for another continent and one retry. It is short enough that a dead node is dropped
 * 3 s after its report has disappeared.
 */
const timeoutMs = 1_500;

type AskParts = {
  /** Returns all addresses of a host name. */
  readonly lookup: (name: string) => Promise<readonly string[]>;
  readonly answers: typeof answersStun;
};

/**
 * Asks nodes for a sign of life over UDP, at the address that callers use. An error response proves life too. The address rules are applied after DNS, and
 * that very address is dialled.
 */
export function createAskNodeByStun({ lookup, answers }: AskParts): AskNode {
  async function addressesOf(host: string, stop: AbortSignal): Promise<readonly string[]> {
    if (host === '' || isIP(host) !== 0) return [host];
    try {
      return await withDeadline({ timeoutMs, stop }, () => lookup(host));
    } catch {
      // A name without an address is no node that answers.
      return [];
    }
  }

  return async ({ report: { port, ...report } }, { signal, isPermitted }) => {
    const startMs = performance.now();
    const addresses = await addressesOf(report.public_ip ?? report.public_ipv6 ?? report.hostname ?? '', signal);
    const host = addresses.find((address) => isIP(address) !== 0 && isPermitted({ address, port }));
    const leftMs = timeoutMs - (performance.now() - startMs);
    if (host === undefined || leftMs < 1) return false;
    return answers({ host, port, transport: 'udp' }, { timeoutMs: leftMs, signal });
  };
}

export const askNodeByStun = createAskNodeByStun({
  lookup: async (name) => (await lookUp(name, { all: true })).map(({ address }) => address),
  answers: answersStun,
});
