import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { allocateAndRelease } from '@turn-router/stun';
import { eventually } from '@turn-router/testing';
import type { KeyRing } from '@turn-router/turn-credentials';
import { portOf, type TurnEntry } from './turn-entries.ts';

/** A successful allocation: its node, and the key that signed its credential. */
export type Call = { readonly node: string; readonly keyId: string };

export type CalledNode = { readonly id: string; readonly port: number; readonly keys: KeyRing };

export type CallersOptions = {
  readonly callers: number;
  /** The pause of a caller between two calls, ms. Default: none. */
  readonly pauseMs?: number;
  /** The callers continue until they are stopped and have made this number of allocations. */
  readonly allocationsMin: number;
  /** Requests the TURN servers of one call. */
  readonly ask: () => Promise<readonly TurnEntry[]>;
  /** Returns all nodes with their present keys. */
  readonly nodes: () => readonly CalledNode[];
};

export type Callers = {
  readonly calls: readonly Call[];
  readonly faults: readonly unknown[];
  /** Waits until this number of calls in a row, from now on, are as expected. Rejects if a call fails. */
  readonly until: (what: string, enough: number, isExpected: (call: Call) => boolean) => Promise<void>;
  /** Waits until the last call is over. */
  readonly stop: () => Promise<void>;
};

/** Starts callers that allocate on each server that they get, one call after the other. All callers end at the first fault. */
export function startCallers({ callers, pauseMs = 0, allocationsMin, ask, nodes }: CallersOptions): Callers {
  const calls: Call[] = [];
  const faults: unknown[] = [];
  const stopping = new AbortController();
  async function callRepeatedly(): Promise<void> {
    while (faults.length === 0 && (!stopping.signal.aborted || calls.length < allocationsMin)) {
      try {
        const entries = await ask();
        calls.push(...(await Promise.all(entries.map((entry) => call(nodes(), entry)))));
        if (pauseMs > 0) await delay(pauseMs);
      } catch (error) {
        faults.push(error);
        return;
      }
    }
  }
  const calling = Promise.all(Array.from({ length: callers }, callRepeatedly));
  return {
    calls,
    faults,
    until: async (what, enough, isExpected) => {
      const before = calls.length;
      await eventually(
        what,
        () => {
          if (faults.length > 0) return true;
          const latest = calls.slice(before).slice(-enough);
          return latest.length === enough && latest.every(isExpected);
        },
        { timeoutMs: 300_000 },
      );
      if (faults.length > 0) throw new Error('a call has failed', { cause: faults[0] });
    },
    stop: async () => {
      stopping.abort();
      await calling;
    },
  };
}

/**
 * Allocates on the node of an entry. It uses TCP: coturn remembers the address of a UDP client for a second (error 437), and at this rate one
 * machine reuses its ports.
 */
async function call(nodes: readonly CalledNode[], entry: TurnEntry): Promise<Call> {
  const port = portOf(entry);
  await allocateAndRelease({ host: '127.0.0.1', port, transport: 'tcp' }, entry, { timeoutMs: 60_000 });
  const node = nodes.find((each) => each.port === port);
  const key = node?.keys.keys.find(
    ({ secret }) => createHmac('sha1', secret).update(entry.username).digest('base64') === entry.credential,
  );
  return { node: node?.id ?? 'none', keyId: key?.id ?? 'none' };
}
