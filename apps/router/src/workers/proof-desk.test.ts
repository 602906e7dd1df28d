import { readdir } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { keepProofsIn, noProofs, type GeoProofs, type GeoVerdict } from '@turn-router/geo';
import { temporaryDirectory } from '@turn-router/testing';
import { createAskedProofs, type AskedProofs } from './ask-for-verdict.ts';
import { createProofDesk } from './proof-desk.ts';

const sound: GeoVerdict = { sound: true };
const broken: GeoVerdict = { sound: false, problem: 'is cyclic' };
const digest = 'a'.repeat(64);

/** A primary and its workers in one process: what they say to each other arrives a turn later, as between processes. */
function startPrimary(kept: GeoProofs = noProofs) {
  const workers = new Map<number, AskedProofs>();
  const proved: string[] = [];
  const desk = createProofDesk(kept, (number, answer) => {
    void setImmediate().then(() => workers.get(number)?.handleAnswer(answer));
  });
  return {
    /** The verifying workers, in order. */
    proved,
    start: (number: number, timeoutMs = 60_000) => {
      const proofs = createAskedProofs(
        async (message) => {
          await setImmediate();
          if (workers.get(number) !== proofs) return;
          if (message.kind === 'claim_geo_proof') desk.claim(number, message.digest);
          if (message.kind === 'geo_verdict') desk.settle(number, message);
        },
        { timeoutMs },
      );
      workers.set(number, proofs);
      return (of = digest, prove = () => setImmediate(sound)) =>
        proofs.verdictOn(of, () => {
          proved.push(`${number} proves ${of.slice(0, 1)}`);
          return prove();
        });
    },
    end: (number: number) => {
      workers.delete(number);
      desk.end(number);
    },
  };
}

const never = () => new Promise<never>(() => undefined);
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await setImmediate();
};

describe('several workers', () => {
  test('verify a file once and share the verdict', async () => {
    const { start, proved } = startPrimary();
    const ask = [1, 2, 3].map((number) => start(number));
    expect(await Promise.all(ask.map((verdictOn) => verdictOn()))).toEqual([sound, sound, sound]);
    expect(proved).toEqual(['1 proves a']);
  });

  test('all refuse a file that one of them finds damaged', async () => {
    const { start, proved } = startPrimary();
    const ask = [1, 2, 3].map((number) => start(number));
    expect(await Promise.all(ask.map((verdictOn) => verdictOn(digest, () => setImmediate(broken))))).toEqual([
      broken,
      broken,
      broken,
    ]);
    expect(proved).toEqual(['1 proves a']);
  });

  test('may each verify a different file', async () => {
    const { start, proved } = startPrimary();
    const [one, two] = [start(1), start(2)];
    const other = 'b'.repeat(64);
    await Promise.all([one(digest), two(other), one(other), two(digest)]);
    expect(proved).toEqual(['1 proves a', '2 proves b']);
  });

  test('use the known verdict if they start later', async () => {
    const { start, end, proved } = startPrimary();
    await start(1)();
    await turns(5);
    end(1);
    expect(await start(1)()).toEqual(sound);
    expect(await start(2)()).toEqual(sound);
    expect(proved).toEqual(['1 proves a']);
  });

  test('take over a verification when the verifying worker ends', async () => {
    const { start, end, proved } = startPrimary();
    void start(1)(digest, never);
    const [two, three] = [start(2)(), start(3)()];
    await turns(5);
    end(1);
    expect(await Promise.all([two, three])).toEqual([sound, sound]);
    expect(proved).toEqual(['1 proves a', '2 proves a']);
  });

  test('do not pass the verification to a worker that has ended', async () => {
    const { start, end, proved } = startPrimary();
    void start(1)(digest, never);
    void start(2)();
    const three = start(3)();
    await turns(5);
    end(2);
    end(1);
    expect(await three).toEqual(sound);
    expect(proved).toEqual(['1 proves a', '3 proves a']);
  });

  test('take over the verification of a sole worker that ended', async () => {
    const { start, end, proved } = startPrimary();
    void start(1)(digest, never);
    await turns(5);
    end(1);
    expect(await start(1)()).toEqual(sound);
    expect(proved).toEqual(['1 proves a', '1 proves a']);
  });

  test('take over a verification that failed', async () => {
    const { start, proved } = startPrimary();
    const fault = new Error('out of memory');
    const one = start(1)(digest, () => Promise.reject(fault));
    const two = start(2)();
    await expect(one).rejects.toBe(fault);
    expect(await two).toEqual(sound);
    expect(proved).toEqual(['1 proves a', '2 proves a']);
  });

  test('verify on their own after the timeout, and share the verdict', async () => {
    const { start, proved } = startPrimary();
    void start(1)(digest, never);
    await turns(5);
    const [two, three] = [start(2, 20)(), start(3)()];
    expect(await Promise.all([two, three])).toEqual([sound, sound]);
    expect(proved).toEqual(['1 proves a', '2 proves a']);
  });

  test('verify two paths to the same bytes once', async () => {
    const { start, proved } = startPrimary();
    const ask = start(1);
    expect(await Promise.all([ask(), ask()])).toEqual([sound, sound]);
    expect(proved).toEqual(['1 proves a']);
  });
});

describe('the verdicts of a primary', () => {
  test('are kept for the next start, so that no worker verifies again', async () => {
    await using directory = await temporaryDirectory('verdicts');
    const kept = keepProofsIn({ directory: directory.path });
    const first = startPrimary(kept);
    await Promise.all([first.start(1)(), first.start(2)()]);
    expect(first.proved).toEqual(['1 proves a']);
    expect(await readdir(directory.path)).toEqual([`${digest}.json`]);

    const second = startPrimary(kept);
    expect(await Promise.all([second.start(1)(), second.start(2)()])).toEqual([sound, sound]);
    expect(second.proved).toEqual([]);
  });

  test('are limited to the last 32 files', async () => {
    const { start, proved } = startPrimary();
    const ask = start(1);
    const digests = Array.from({ length: 33 }, (_, index) => `${index}`.padStart(64, '0'));
    for (const of of digests) await ask(of);
    proved.length = 0;
    await ask(digests[1]);
    expect(proved).toEqual([]);
    await ask(digests[0]);
    expect(proved).toEqual(['1 proves 0']);
  });
});
