import type { FleetView } from '../fleet/fleet-view.ts';
import { ProblemError } from '../problem-error.ts';
import type { Questions } from './messages.ts';
import type { AskedWorker, QuestionDesk } from './question-desk.ts';

/** Longest wait for all workers together, ms. */
const timeoutMs = 900;
/** Longest wait for one worker, ms. */
const workerTimeoutMs = 400;

/**
 * Answers questions about the fleet. It asks one worker after the other until one answers. All workers follow the same registries, so any worker
 * can answer. The worker that answered last is asked first. So a stalled worker costs its timeout only once.
 *
 * @param living returns the running workers
 */
export function createFleetViewFromWorkers<Asked extends AskedWorker>(
  { ask }: Pick<QuestionDesk<Asked>, 'ask'>,
  living: () => Iterable<Asked>,
  monotonicNowMs: () => number,
): FleetView {
  let answeredLast: Asked | undefined;

  async function askAny<About extends keyof Questions>(
    about: About,
    ...withArguments: Questions[About]['with']
  ): Promise<NonNullable<Questions[About]['answer']>> {
    const untilMs = monotonicNowMs() + timeoutMs;
    for (const worker of [...living()].toSorted((a, b) => Number(b === answeredLast) - Number(a === answeredLast))) {
      const leftMs = untilMs - monotonicNowMs();
      if (leftMs <= 0) break;
      const answer = await ask(worker, about, withArguments, Math.min(leftMs, workerTimeoutMs));
      if (answer === undefined) continue;
      answeredLast = worker;
      return answer;
    }
    throw new ProblemError('worker_unavailable', 'No worker process answers: retry in a moment', {
      retryAfterSeconds: 1,
    });
  }
  return {
    status: (query) => askAny('fleet', query),
    explain: (address, wishes) => askAny('explain', address, wishes),
  };
}
