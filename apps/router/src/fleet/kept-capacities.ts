import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile, startLoop } from '@turn-router/registry';
import type { ProvenCapacities } from '@turn-router/selection';
import { z } from 'zod';

/** The name of the file in STATE_DIR. */
export const keptCapacitiesFile = 'proven-capacity.json';

/** Maximum file size, bytes. 50 000 nodes with the longest names take 8 MB. */
const fileMaxBytes = 16_000_000;

/** Interval between two writes, ms. With a longer time, more is missing after a crash. */
const saveIntervalMs = 15_000;

/** `<region>/<id>` */
const nodeNameSchema = z.string().regex(/^[a-z0-9-]{1,63}\/[a-z0-9-]{1,63}$/);

const fileSchema = z.strictObject({ provenMbps: z.record(nodeNameSchema, z.number().positive().max(1e9)) });

/** What the nodes have proven, on disk. A restarted router uses it, so that no node has to prove its capacity again. */
export interface KeptCapacities extends AsyncDisposable {
  /** The content at the start; undefined if there is none or it is damaged. */
  readonly restored: ProvenCapacities | undefined;
  /** Writes the current capacities now and then, if they have changed. Disposal writes them a last time. */
  readonly follow: (current: () => ProvenCapacities) => void;
}

export type KeptCapacitiesOptions = {
  /** Undefined: nothing is kept. */
  readonly stateDir: string | undefined;
  /** Whether this process writes the file. If there are several processes, one writes it and all read it. */
  readonly writes: boolean;
  /** A write failed after one that succeeded, or the first write failed. */
  readonly onWriteFailed: (error: unknown) => void;
  /** A write succeeded after one that failed. */
  readonly onWriteRecovered: () => void;
  /** The file is damaged. The next write replaces it. */
  readonly onDamaged: () => void;
  readonly intervalMs?: number;
};

export async function openKeptCapacities(options: KeptCapacitiesOptions): Promise<KeptCapacities> {
  const { stateDir, writes, onWriteFailed, onWriteRecovered, onDamaged, intervalMs = saveIntervalMs } = options;
  if (stateDir === undefined)
    return { restored: undefined, follow() {}, [Symbol.asyncDispose]: () => Promise.resolve() };
  const path = join(stateDir, keptCapacitiesFile);
  const restored = await restore(path, onDamaged);
  let source: (() => ProvenCapacities) | undefined;
  let loop: AsyncDisposable | undefined;
  let onDisk = restored === undefined ? textFrom(new Map()) : textFrom(restored);
  let isFailing = false;

  async function write(): Promise<void> {
    const text = source === undefined ? onDisk : textFrom(source());
    if (text === onDisk) return;
    try {
      await replaceFile(path, text, { maxBytes: fileMaxBytes });
    } catch (error) {
      if (!isFailing) onWriteFailed(error);
      isFailing = true;
      return;
    }
    onDisk = text;
    if (isFailing) onWriteRecovered();
    isFailing = false;
  }

  return {
    restored,
    follow(current) {
      if (!writes) return;
      source = current;
      loop ??= startLoop(write, intervalMs);
    },
    async [Symbol.asyncDispose]() {
      await loop?.[Symbol.asyncDispose]();
      await write();
    },
  };
}

/** The capacities in whole Mbit/s, so that the file changes only when a node has proven more. */
function textFrom(capacities: ProvenCapacities): string {
  const rounded = [...capacities].map(([name, mbps]): [string, number] => [name, mbps < 1 ? mbps : Math.floor(mbps)]);
  return JSON.stringify({ provenMbps: Object.fromEntries(rounded) });
}

async function restore(path: string, onDamaged: () => void): Promise<ProvenCapacities | undefined> {
  let text;
  try {
    text = (await stat(path)).size > fileMaxBytes ? '' : await readFile(path, 'utf8');
  } catch {
    // There is no file, or it cannot be read now. The nodes prove their capacity again.
    return undefined;
  }
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(text)).provenMbps));
  } catch {
    onDamaged();
    return undefined;
  }
}
