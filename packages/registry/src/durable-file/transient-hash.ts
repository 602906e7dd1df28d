import type { StoredHash } from '../hash/hash-store.ts';
import type { DurableHash } from './durable-hash.ts';
import { withChanges } from './hash-changes.ts';

/** A hash in the memory of this process only, for a program without a state directory. */
export function createTransientHash(): DurableHash {
  let content: StoredHash | undefined;
  return {
    content: () => content,
    isComplete: () => true,
    isSaved: () => false,
    use(hash) {
      content = hash;
    },
    replaceAll(replacements) {
      if (replacements.some(({ name, expected }) => content?.get(name) !== expected)) return Promise.resolve(false);
      content = withChanges(content, new Map(replacements.map(({ name, next }) => [name, next])));
      return Promise.resolve(true);
    },
    refresh: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
