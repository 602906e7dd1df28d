import { expect, test } from '@jest/globals';
import type { FleetQuery } from '@turn-router/contract/admin';
import { createFleetViewFromWorkers } from './fleet-view-from-workers.ts';
import type { ToWorker } from './messages.ts';
import { createQuestionDesk } from './question-desk.ts';

type Asked = Extract<ToWorker, { kind: 'ask' }>;

/** A worker with a scripted reaction to messages; `asked` holds all of them. */
function workerThat(does: (message: Asked) => Error | null) {
  const asked: Asked[] = [];
  return {
    asked,
    send(message: ToWorker, sent: (error: Error | null) => void) {
      if (message.kind !== 'ask') return;
      asked.push(message);
      sent(does(message));
    },
  };
}

const silent = () => null;
const query: FleetQuery = { limit: 1 };

test('matches answers to questions in any order', async () => {
  const desk = createQuestionDesk<ReturnType<typeof workerThat>>();
  const worker = workerThat(silent);
  const answers = [1, 2, 3].map(() => desk.ask(worker, 'metrics', [], 60_000));
  for (const { id } of worker.asked.toReversed()) {
    desk.handleAnswer({ kind: 'answer', id, answer: [{ name: `${id}` }] });
    // A repeated answer and an unrequested answer have no effect.
    desk.handleAnswer({ kind: 'answer', id, answer: [] });
    desk.handleAnswer({ kind: 'answer', id: id + 100, answer: [] });
  }
  expect(await Promise.all(answers)).toEqual([[{ name: '1' }], [{ name: '2' }], [{ name: '3' }]]);
});

test('settles without an answer when a worker ends, is unreachable or stalls, also with a timeout below a millisecond', async () => {
  const desk = createQuestionDesk<ReturnType<typeof workerThat>>();
  const [ending, other] = [workerThat(silent), workerThat(silent)];
  const fromEnding = desk.ask(ending, 'metrics', [], 60_000);
  const fromOther = desk.ask(other, 'metrics', [], 60_000);
  desk.end(ending);
  expect(await fromEnding).toBeUndefined();
  desk.handleAnswer({ kind: 'answer', id: other.asked[0]?.id ?? 0, answer: [] });
  expect(await fromOther).toEqual([]);

  const unreachable = workerThat(() => new Error('the line is closed'));
  expect(await desk.ask(unreachable, 'metrics', [], 60_000)).toBeUndefined();
  expect(await desk.ask(workerThat(silent), 'metrics', [], 0.7)).toBeUndefined();
});

test('asks the third worker when two stall, and asks it first the next time', async () => {
  const desk = createQuestionDesk<ReturnType<typeof workerThat>>();
  const third = workerThat(({ id }) => {
    desk.handleAnswer({ kind: 'answer', id, answer: { trust: 'fresh' } });
    return null;
  });
  const [first, second] = [workerThat(silent), workerThat(silent)];
  // Each of the two has cost 400 ms and a bit when the next one is asked.
  const times = [0, 0, 400.3, 800.7];
  const fleet = createFleetViewFromWorkers(
    { ask: (worker, about, what, timeoutMs) => desk.ask(worker, about, what, timeoutMs / 100) },
    () => [first, second, third],
    () => times.shift() ?? 0,
  );
  expect(await fleet.status(query)).toEqual({ trust: 'fresh' });
  expect(await fleet.status(query)).toEqual({ trust: 'fresh' });
  expect([first, second, third].map(({ asked }) => asked.length)).toEqual([1, 1, 2]);
});
