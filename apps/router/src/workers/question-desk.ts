import { withDeadline } from '@turn-router/deadline';
import type { Questions, ToPrimary, ToWorker } from './messages.ts';

/** The part of a `Worker` that is needed to ask it a question. */
export type AskedWorker = { readonly send: (message: ToWorker, sent: (error: Error | null) => void) => unknown };

/** The primary's part of questions to workers. */
export type QuestionDesk<Asked extends AskedWorker> = {
  /**
   * @param timeoutMs longest wait for the answer
   * @returns undefined if the worker does not answer. It may be stalled, ended, or not ready to answer
   */
  readonly ask: <About extends keyof Questions>(
    worker: Asked,
    about: About,
    withArguments: Questions[About]['with'],
    timeoutMs: number,
  ) => Promise<Questions[About]['answer'] | undefined>;
  readonly handleAnswer: (message: ToPrimary & { readonly kind: 'answer' }) => void;
  /** Settles all questions to this worker as unanswered. */
  readonly end: (worker: Asked) => void;
};

export function createQuestionDesk<Asked extends AskedWorker>(): QuestionDesk<Asked> {
  const waiting = new Map<number, { readonly worker: Asked; readonly settle: (answer: unknown) => void }>();
  let lastId = 0;
  return {
    ask(worker, about, withArguments, timeoutMs) {
      lastId += 1;
      const id = lastId;
      const question = () =>
        new Promise<Questions[typeof about]['answer'] | undefined>((resolve) => {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- workers run the same version of the program
          const settle = (answer: unknown) => resolve(answer as Questions[typeof about]['answer'] | undefined);
          waiting.set(id, { worker, settle });
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the pair is a member of the union, which TypeScript cannot see
          const message = { kind: 'ask', id, about, with: withArguments } as ToWorker;
          worker.send(message, (error) => {
            if (error !== null) settle(undefined);
          });
        });
      return withDeadline({ timeoutMs: Math.max(1, timeoutMs) }, question)
        .catch(() => undefined)
        .finally(() => waiting.delete(id));
    },
    handleAnswer: ({ id, answer }) => waiting.get(id)?.settle(answer),
    end(worker) {
      for (const each of waiting.values()) if (each.worker === worker) each.settle(undefined);
    },
  };
}
