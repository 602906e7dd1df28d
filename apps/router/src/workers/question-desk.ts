import type { Questions, ToPrimary, ToWorker } from './messages.ts';

/** As much of a `Worker` as is needed to ask it. */
export type AskedWorker = { readonly send: (message: ToWorker, sent: (error: Error | null) => void) => unknown };

/** The primary’s side of asking its workers. */
export type QuestionDesk<Asked extends AskedWorker> = {
  /**
   * @param patienceMs one that stands still for longer is not waited for
   * @returns undefined when it does not answer: it stands still, has ended, or cannot tell yet
   */
  readonly ask: <About extends keyof Questions>(
    worker: Asked,
    about: About,
    withThese: Questions[About]['with'],
    patienceMs: number,
  ) => Promise<Questions[About]['answer'] | undefined>;
  readonly hear: (message: ToPrimary & { readonly kind: 'answer' }) => void;
  /** Nobody waits for it any more. */
  readonly end: (worker: Asked) => void;
};

export function createQuestionDesk<Asked extends AskedWorker>(): QuestionDesk<Asked> {
  const waiting = new Map<number, { readonly worker: Asked; readonly settle: (answer: unknown) => void }>();
  let lastId = 0;
  return {
    ask(worker, about, withThese, patienceMs) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        const settle = (answer: unknown) => {
          clearTimeout(timer);
          waiting.delete(id);
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- workers are the same program in the same version
          resolve(answer as Questions[typeof about]['answer'] | undefined);
        };
        const timer = setTimeout(settle, patienceMs);
        waiting.set(id, { worker, settle });
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the pair is one of the union's, which TypeScript does not see
        const message = { kind: 'ask', id, about, with: withThese } as ToWorker;
        worker.send(message, (error) => {
          if (error !== null) settle(undefined);
        });
      });
    },
    hear: ({ id, answer }) => waiting.get(id)?.settle(answer),
    end(worker) {
      for (const each of waiting.values()) if (each.worker === worker) each.settle(undefined);
    },
  };
}
