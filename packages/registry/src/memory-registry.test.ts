import { createManualClock } from '@turn-router/testing';
import { createMemoryRegistry } from './memory-registry.ts';
import { describeNodeRegistry } from './node-registry.contract.ts';

describeNodeRegistry('the memory registry', () => {
  const clock = createManualClock();
  return Promise.resolve({
    registry: createMemoryRegistry(clock.now),
    elapse: (milliseconds) => Promise.resolve(clock.advance(milliseconds)),
    dispose: () => Promise.resolve(),
  });
});
