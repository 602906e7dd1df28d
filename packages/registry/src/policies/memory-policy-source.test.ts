import { describe } from '@jest/globals';
import { createMemoryPolicySource } from './memory-policy-source.ts';
import {
  policySourceContract,
  writablePolicySourceContract,
  type PolicySourceSubject,
} from './policy-source.contract.ts';

function open(text: string): Promise<PolicySourceSubject> {
  const source = createMemoryPolicySource(text, () => 7);
  return Promise.resolve({
    source,
    nowMs: 7,
    put: async (next) =>
      source.activate((await source.current()).version, { text: next, actor: 'turnctl:kim@ops-1', reason: 'a test' }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

describe('a policy in memory', () => {
  policySourceContract(open);
  writablePolicySourceContract(open);
});
