import type { FleetView } from '../fleet/fleet-view.ts';
import { ProblemError } from '../problem-error.ts';
import type { Questions } from './messages.ts';
import type { AskedWorker, QuestionDesk } from './question-desk.ts';

/** Time for all workers together to answer, ms. */
const timeoutMs = 900;
/** Time for one worker to answer, ms. */
const workerTimeoutMs = 400;

/**
 * Answers questions about the fleet through the workers: asks one after the other until one answers. All workers follow the same registries, so
 * any answer will do. The worker that answered last is asked first, so that a stalled worker costs its timeout only once.
 *
 * @param living returns the running workers
 */
export function createFleetOfWorkers<Asked extends AskedWorker>(
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
