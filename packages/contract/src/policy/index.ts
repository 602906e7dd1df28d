export { defaultCapacityMbps, policySchema, type Policy, type StaticNode } from './policy.ts';
