import { batchesOf, type Shard } from './shard.ts';

export type FitValues = {
  /** The keys that have a value, and their values. */
  readonly present: readonly (readonly [name: string, text: string])[];
  /** The keys whose values are not read. */
  readonly unfit: readonly (readonly [name: string, reason: 'wrong_type' | 'too_large'])[];
};

/**
 * Reads the values of one batch of keys. A value is read only after its length, so that no writer can make a reader take a large one.
 *
 * @param maxBytes the largest value that is read
 */
export async function readFitValues(
  shard: Pick<Shard, 'lengths' | 'values'>,
  batch: readonly string[],
  maxBytes: number,
): Promise<FitValues> {
  const lengths = await shard.lengths(batch);
  const unfit: [string, 'wrong_type' | 'too_large'][] = [];
  const wanted = batch.filter((name, index) => {
    const length = lengths[index] ?? 0;
    if (length !== 'wrong_type' && length <= maxBytes) return true;
    unfit.push([name, length === 'wrong_type' ? 'wrong_type' : 'too_large']);
    return false;
  });
  const texts = wanted.length === 0 ? [] : await shard.values(wanted);
  // A key without a text has expired since it was listed.
  const present = wanted.flatMap((name, index) => {
    const text = texts[index] ?? undefined;
    return text === undefined ? [] : [[name, text] as const];
  });
  return { present, unfit };
}

/**
 * Reads the values of these keys, in their order, wherever they are. Undefined: the key is missing, holds no string, or its value is larger than
 * `maxBytes`. In a cluster each shard is asked, because only the shard of a key knows its length. A key that moves at the same time may be missed.
 */
export async function readTexts(
  shards: readonly Pick<Shard, 'lengths' | 'values'>[],
  names: readonly string[],
  maxBytes: number,
): Promise<(string | undefined)[]> {
  const texts = new Map<string, string | undefined>();

  async function readFrom(shard: Pick<Shard, 'lengths' | 'values'>, batch: readonly string[]): Promise<void> {
    const lengths = await shard.lengths(batch);
    const wanted = batch.filter((_, index) => {
      const length = lengths[index];
      return typeof length === 'number' && length > 0 && length <= maxBytes;
    });
    const values = wanted.length === 0 ? [] : await shard.values(wanted);
    for (const [index, name] of wanted.entries()) texts.set(name, values[index] ?? undefined);
  }

  await Promise.all(
    shards.map(async (shard) => {
      for (const batch of batchesOf(names)) await readFrom(shard, batch);
    }),
  );
  return names.map((name) => texts.get(name));
}
