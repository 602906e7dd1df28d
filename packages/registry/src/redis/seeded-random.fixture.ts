import { createHash } from 'node:crypto';

/** Uniform in [0, 1), the same for the same seed. */
export function seededRandom(seed: string): () => number {
  let draw = 0;
  return () => {
    draw += 1;
    return createHash('sha256').update(`${seed} ${draw}`).digest().readUInt32BE() / 2 ** 32;
  };
}
