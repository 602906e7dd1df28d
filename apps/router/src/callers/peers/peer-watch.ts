import { RegistryError } from '@turn-router/registry';
import type { PeerAddress } from './peer-address.ts';
import type { Peer } from './peer-ledger.ts';
import type { ResolvedPeers } from './resolve-peers.ts';

export type PeerWatchParts = {
  readonly resolve: () => Promise<ResolvedPeers>;
  /** Rejects with a RegistryError if no router answers at the address. */
  readonly ask: (address: PeerAddress) => Promise<Peer>;
  /** Called after each check. */
  readonly onChecked: (peers: { readonly answering: number; readonly silent: number }) => void;
  /** Called once when peers did not answer in two checks in a row. So the restart of a peer is not reported. */
  readonly onSilent: (peers: { readonly answering: number; readonly silent: number; readonly reason: string }) => void;
  /** Called once when all routers of PEERS answer again. */
  readonly onAllAnswer: () => void;
};

/** Watches which routers of PEERS answer. Otherwise a wrong secret would be noticed only when Redis is lost. */
export type PeerWatch = {
  /** Returns each router that answers now, at the addresses of the last check. */
  readonly findPeers: () => Promise<readonly Peer[]>;
  readonly check: () => Promise<void>;
};

export function createPeerWatch({ resolve, ask, onChecked, onSilent, onAllAnswer }: PeerWatchParts): PeerWatch {
  let addresses: readonly PeerAddress[] = [];
  let shortChecks = 0;

  async function askAll() {
    const asked = await Promise.allSettled(addresses.map(ask));
    // One router may have several addresses.
    const peers = new Map(asked.flatMap((each) => (each.status === 'fulfilled' ? [[each.value.id, each.value]] : [])));
    const faults = asked.flatMap((each) => (each.status === 'rejected' ? [faultOf(each.reason)] : []));
    return { peers: [...peers.values()], faults };
  }

  return {
    findPeers: async () => (await askAll()).peers,
    async check() {
      const resolved = await resolve();
      ({ addresses } = resolved);
      const { peers, faults } = await askAll();
      const reasons = [...resolved.unknown.map((name) => `${name} cannot be looked up`), ...faults];
      const [reason] = reasons;
      const counts = { answering: peers.length, silent: reasons.length };
      onChecked(counts);
      if (reason === undefined) {
        if (shortChecks >= 2) onAllAnswer();
        shortChecks = 0;
      } else {
        shortChecks += 1;
        if (shortChecks === 2) onSilent({ ...counts, reason });
      }
    },
  };
}

/** @throws any error that is not a RegistryError */
function faultOf(error: unknown): string {
  if (error instanceof RegistryError) return error.message;
  throw error;
}
