// Makes real allocations, because a reporter counts only the sockets of the TURN server's process.
import { holdAllocation } from '@turn-router/stun';
import { issueCredential } from '@turn-router/turn-credentials';

/** Longer than the measurement, ms. */
const holdMs = 900_000;

/** The number of allocations that are made at once. */
const batchSize = 50;

/**
 * Holds `count` allocations on a TURN server on loopback.
 *
 * @param {number} count
 * @param {{address: string, port: number}} server
 * @param {string} secret
 */
export async function holdAllocations(count, { address, port }, secret) {
  const credential = issueCredential({
    key: { id: 'default', secret },
    opaqueUserId: 'bench',
    nowMs: Date.now(),
    ttlSeconds: holdMs / 1000,
  });
  const server = /** @type {const} */ ({ host: address, port, transport: 'udp' });
  /** @type {AsyncDisposable[]} */
  const held = [];
  while (held.length < count) {
    const missing = Math.min(batchSize, count - held.length);
    held.push(
      ...(await Promise.all(
        Array.from({ length: missing }, () => holdAllocation(server, credential, { timeoutMs: holdMs })),
      )),
    );
  }
  return { release: () => Promise.all(held.map((relay) => relay[Symbol.asyncDispose]())) };
}
