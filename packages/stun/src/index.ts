export { allocateAndRelease } from './allocate-and-release.ts';
export { sendBinding, type BindingResult } from './send-binding.ts';
export type { StunClientOptions } from './stun-client-options.ts';
export { StunError, type StunErrorCode } from './stun-error.ts';
export type { StunServer } from './stun-server.ts';
export type { TransportAddress } from './transport-address.ts';
export type { AllocationGrant } from './turn/allocation.ts';
export type { LongTermCredentials } from './turn/long-term-credentials.ts';
