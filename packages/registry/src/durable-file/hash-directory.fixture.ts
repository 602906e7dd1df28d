import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createManualClock, temporaryDirectory } from '@turn-router/testing';
import type { DurableHash } from './durable-hash.ts';
import { parseHashText } from './hash-text.ts';
import { openDurableHash } from './open-durable-hash.ts';

export const hash = (entries: Record<string, string>) => new Map(Object.entries(entries));

/** A state directory for one hash, and what its durable hashes have said. */
export async function hashDirectory() {
  const directory = await temporaryDirectory('durable-hash');
  const state = join(directory.path, 'state');
  const path = join(state, 'keys.json');
  const said: string[] = [];
  const clock = createManualClock();
  return {
    state,
    path,
    copy: `${path}.copy`,
    said,
    clock,
    open: (writes = true): Promise<DurableHash> =>
      openDurableHash(
        path,
        {
          onUnsaved: (isUnsaved) => said.push(isUnsaved ? 'unsaved' : 'saved'),
          onSaveFailed: ({ detail }) => said.push(`failed: ${detail}`),
          onSaveRecovered: () => said.push('recovered'),
          onSetAside: (name) => said.push(`aside: ${name}`),
          onIncomplete: ({ detail }) => said.push(`incomplete: ${detail}`),
          onComplete: () => said.push('complete'),
          onAbandoned: () => said.push('abandoned'),
        },
        { writes, nowMs: () => 1_000, monotonicNowMs: clock.now, intervalMs: 3_600_000 },
      ),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

export const read = async (path: string) => parseHashText(await readFile(path, 'utf8'));
