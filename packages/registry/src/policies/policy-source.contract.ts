import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { eventually } from '@turn-router/testing';
import type { PolicySource, WantedPolicy } from './policy-source.ts';

export type PolicySourceSubject = AsyncDisposable & {
  readonly source: PolicySource;
  /** The `appliedAtMs` of every version. */
  readonly nowMs: number;
  /** Activates a text: by `activate`, or by writing the file. */
  readonly put: (text: string) => Promise<unknown>;
};

const wanted = (text: string): WantedPolicy => ({ text, actor: 'turnctl:kim@ops-1', reason: 'more for Frankfurt' });

/** Tests any PolicySource. @param open creates a source whose first version has this text */
export function policySourceContract(open: (text: string) => Promise<PolicySourceSubject>): void {
  test('returns the first version in force, with its text and hash', async () => {
    await using subject = await open('a: 1 # ü');
    const first = await subject.source.current();
    expect(first).toMatchObject({
      version: 1,
      text: 'a: 1 # ü',
      sha256: createHash('sha256').update('a: 1 # ü').digest('hex'),
      appliedAtMs: subject.nowMs,
    });
    expect(await subject.source.history()).toEqual([first]);
    expect(await subject.source.current()).toEqual(first);
  });

  test('numbers each further version, also for a repeated text, and lists the newest first', async () => {
    await using subject = await open('one');
    for (const text of ['two', 'one']) {
      await subject.put(text);
      expect((await subject.source.current()).text).toBe(text);
    }
    const history = await subject.source.history();
    expect(history.map(({ version, text }) => [version, text])).toEqual([
      [3, 'one'],
      [2, 'two'],
      [1, 'one'],
    ]);
    expect(history[0]).toEqual(await subject.source.current());
  });

  test('drops the oldest of many versions, but reuses no number', async () => {
    await using subject = await open('0');
    for (let index = 1; index <= 30; index += 1) {
      await subject.put(`${index}`);
      await subject.source.current();
    }
    const history = await subject.source.history();
    expect(history).toHaveLength(20);
    expect(history[0]).toMatchObject({ version: 31, text: '30' });
  });

  test('calls back after a change, until disposed of', async () => {
    await using subject = await open('one');
    let changes = 0;
    const watch = subject.source.onChange(() => Promise.resolve((changes += 1) > 0));
    await subject.put('two');
    await eventually('a change to be told', () => changes > 0);
    watch[Symbol.dispose]();
    const told = changes;
    await subject.put('after the end');
    await subject.source.current();
    expect(changes).toBe(told);
  });
}

/** Tests any writable PolicySource. */
export function writablePolicySourceContract(open: (text: string) => Promise<PolicySourceSubject>): void {
  test('activates a text over the expected version, with actor and reason', async () => {
    await using subject = await open('one');
    expect(await subject.source.activate(1, wanted('two'))).toEqual({
      ok: true,
      version: await subject.source.current(),
    });
    expect(await subject.source.current()).toMatchObject({ version: 2, ...wanted('two') });
  });

  test('accepts one of two concurrent activations, and returns the version in force to the other', async () => {
    await using subject = await open('one');
    const both = await Promise.all([
      subject.source.activate(1, wanted('two')),
      subject.source.activate(1, wanted('three')),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toEqual({ ok: false, why: 'changed', current: await subject.source.current() });
    expect(await subject.source.history()).toHaveLength(2);
  });

  test('rejects an activation over a version that never existed', async () => {
    await using subject = await open('one');
    expect(await subject.source.activate(7, wanted('two'))).toMatchObject({ ok: false, why: 'changed' });
    expect(await subject.source.current()).toMatchObject({ version: 1, text: 'one' });
  });
}
