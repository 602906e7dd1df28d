import type { FleetView } from '../fleet/fleet-view.ts';
import { ProblemError } from '../problem-error.ts';
import type { Questions } from './messages.ts';
import type { AskedWorker, QuestionDesk } from './question-desk.ts';

/** All workers together have this long to answer, and each of them that long, ms. */
const patienceMs = 900;
const patienceEachMs = 400;

/**
 * The fleet as any of the workers sees it: one is asked after the other, until one answers. All follow the same registries, so that it makes
 * no difference which. The one that answered last is asked first: one that stands still costs its patience once.
 *
 * @param living the workers that there are
 */
export function createFleetOfWorkers<Asked extends AskedWorker>(
  { ask }: Pick<QuestionDesk<Asked>, 'ask'>,
  living: () => Iterable<Asked>,
  monotonicNowMs: () => number,
): FleetView {
  let answeredLast: Asked | undefined;

  async function askAny<About extends keyof Questions>(
    about: About,
    ...withThese: Questions[About]['with']
  ): Promise<NonNullable<Questions[About]['answer']>> {
    const untilMs = monotonicNowMs() + patienceMs;
    for (const worker of [...living()].toSorted((a, b) => Number(b === answeredLast) - Number(a === answeredLast))) {
      const leftMs = untilMs - monotonicNowMs();
      if (leftMs <= 0) break;
      const answer = await ask(worker, about, withThese, Math.min(leftMs, patienceEachMs));
      if (answer === undefined) continue;
      answeredLast = worker;
      return answer;
    }
    throw new ProblemError('worker_unavailable', 'No worker process answers: try again in a moment', {
      retryAfterSeconds: 1,
    });
  }
  return {
    status: (query) => askAny('fleet', query),
    explain: (address, wishes) => askAny('explain', address, wishes),
  };
}
