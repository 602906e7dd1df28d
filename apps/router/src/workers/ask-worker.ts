import type { Worker } from 'node:cluster';
import { on } from 'node:events';
import type { Question, Questions, ToPrimary, ToWorker } from './messages.ts';

let lastId = 0;

/**
 * Asks a worker.
 *
 * @param patienceMs one that stands still for longer is not waited for
 * @returns undefined when it does not answer: it stands still, has ended, or cannot tell yet
 */
export async function askWorker<About extends keyof Questions>(
  worker: Worker,
  about: About,
  withThese: Questions[About]['with'],
  patienceMs: number,
): Promise<Questions[About]['answer'] | undefined> {
  lastId += 1;
  const id = lastId;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the pair is one of the union's, which TypeScript does not see
  const question = { about, with: withThese } as Question;
  const message: ToWorker = { kind: 'ask', id, ...question };
  try {
    const messages: AsyncIterable<ToPrimary[]> = on(worker, 'message', {
      signal: AbortSignal.timeout(patienceMs),
      close: ['disconnect', 'exit'],
    });
    worker.send(message, () => undefined);
    for await (const [heard] of messages) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- workers are the same program in the same version
      if (heard?.kind === 'answer' && heard.id === id) return heard.answer as Questions[About]['answer'] | undefined;
    }
  } catch {
    // In vain, or the worker's line broke: its end is noticed elsewhere.
  }
  return undefined;
}
