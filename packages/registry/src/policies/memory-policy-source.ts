import { EventEmitter } from 'node:events';
import type { PolicySource } from './policy-source.ts';
import { createPolicyVersions } from './policy-versions.ts';

/**
 * Keeps the policy in the memory of this process.
 *
 * @param text the first version
 * @param nowMs Unix time, ms
 */
export function createMemoryPolicySource(text: string, nowMs: () => number): PolicySource {
  const versions = createPolicyVersions(nowMs);
  const events = new EventEmitter<{ change: [] }>();
  let current = versions.add({ text, actor: undefined, reason: undefined });
  return {
    place: 'memory',
    current: () => Promise.resolve(current),
    history: () => Promise.resolve(versions.all()),
    activate(expectedVersion, wanted) {
      if (current.version !== expectedVersion) return Promise.resolve({ ok: false, why: 'changed', current });
      current = versions.add(wanted);
      queueMicrotask(() => events.emit('change'));
      return Promise.resolve({ ok: true, version: current });
    },
    onChange(take) {
      let taking: Promise<unknown> = Promise.resolve();
      const changed = () => {
        taking = taking.then(take);
      };
      events.on('change', changed);
      return { [Symbol.dispose]: () => void events.off('change', changed) };
    },
  };
}
