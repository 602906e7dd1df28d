import { issueCredential, type KeyRing } from '@turn-router/turn-credentials';
import type { Clock } from '../system/clock.ts';
import { askBinding } from './ask-binding.ts';
import { createKeyChoice } from './key-choice.ts';
import { pathParts, pathsTo, type ProbePath } from './probe-path.ts';
import type { ProbeRound } from './probe-round.ts';
import { checkServer, preferFamily, proveServer } from './probe-server.ts';
import type { ProbeTarget } from './probe-target.ts';
import { createProofSchedule } from './proof-schedule.ts';
import { noProofs, provePaths, type Prove } from './prove-paths.ts';

/** Probes the TURN server over all its paths in parallel. Ends within the target's timeout, or when `signal` fires. */
export type TurnProbe = (signal: AbortSignal) => Promise<ProbeRound>;

/**
 * Creates the probe of a TURN server. Each round makes a full proof of the paths that need one, and sends a Binding over all paths. The
 * proofs are signed with the newest key that the server accepts. Each round also tries one other key of the ring, in rotation.
 */
export function createTurnProbe(target: ProbeTarget, keyRing: KeyRing, clock: Clock): TurnProbe {
  const { realm, proof } = target;
  const ways = pathsTo(target);
  const order = (path: ProbePath) => ways.findIndex((way) => way.path === path);
  const schedule = createProofSchedule(target);
  const choice = createKeyChoice(keyRing);

  return async (signal) => {
    const startMs = clock.monotonicMs();
    const leftMs = () => Math.max(1, Math.ceil(target.timeoutMs - (clock.monotonicMs() - startMs)));
    const options = () => ({ signal, timeoutMs: leftMs() });
    const relayPorts = new Set<number>();

    const prove: Prove = async ({ path, server }, { key, user, ttlSeconds }) => {
      const credentials = issueCredential({ key, opaqueUserId: user, nowMs: clock.nowMs(), ttlSeconds });
      const result = await preferFamily(pathParts(path).family, (relayFamily) =>
        proveServer(server, { proof, credentials, options: { ...options(), realm, relayFamily } }),
      );
      if (result.relayPort !== undefined) relayPorts.add(result.relayPort);
      return result;
    };
    const due = ways.filter(({ path }) => schedule.currentProof(path, startMs) === undefined);
    const [proofs, bindings] = await Promise.all([
      due.length === 0 ? noProofs : provePaths(due, { key: choice.signing(), other: choice.next(), prove }),
      Promise.all(
        ways.flatMap(({ path, server }) => {
          const proven = schedule.currentProof(path, startMs);
          return proven === undefined
            ? []
            : [checkServer(server, proven, options()).then((result) => [path, result] as const)];
        }),
      ),
    ]);
    const serverOf = new Map(due.map(({ path, server }) => [path, server]));
    const proven = await Promise.all(
      [...proofs.results].map(async ([path, result]) => {
        const server = serverOf.get(path);
        const binding = result.ok && server !== undefined ? await askBinding(server, options()) : undefined;
        return [path, binding === undefined ? result : { ...result, binding }] as const;
      }),
    );
    const inOrder = [...proven, ...bindings].toSorted(([one], [other]) => order(one) - order(other));
    const results = new Map(inOrder);
    for (const [path, result] of results) schedule.record(path, result, startMs);
    return {
      results,
      relayPorts,
      keyTrials: proofs.keyResults.flatMap(({ key, results: ofKey }) => choice.record(key, ofKey)),
    };
  };
}
