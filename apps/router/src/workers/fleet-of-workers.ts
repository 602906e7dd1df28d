import type { Worker } from 'node:cluster';
import type { FleetView } from '../fleet/fleet-view.ts';
import { ProblemError } from '../problem-error.ts';
import { askWorker } from './ask-worker.ts';
import type { Questions } from './messages.ts';

/** All workers together have this long to answer, and each of them that long, ms. */
const patienceMs = 900;
const patienceEachMs = 400;

/**
 * The fleet as any of the workers sees it: one is asked after the other, until one answers. All follow the same registries, so that it makes
 * no difference which.
 *
 * @param living the workers to ask, in this order
 */
export function createFleetOfWorkers(living: () => Iterable<Worker>, monotonicNowMs: () => number): FleetView {
  async function ask<About extends keyof Questions>(
    about: About,
    ...withThese: Questions[About]['with']
  ): Promise<NonNullable<Questions[About]['answer']>> {
    const untilMs = monotonicNowMs() + patienceMs;
    for (const worker of living()) {
      const leftMs = untilMs - monotonicNowMs();
      if (leftMs <= 0) break;
      const answer = await askWorker(worker, about, withThese, Math.min(leftMs, patienceEachMs));
      if (answer !== undefined) return answer;
    }
    throw new ProblemError('worker_unavailable', 'No worker process answers: try again in a moment', {
      retryAfterSeconds: 1,
    });
  }
  return {
    status: (query) => ask('fleet', query),
    explain: (address, wishes) => ask('explain', address, wishes),
  };
}
