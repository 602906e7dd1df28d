import type { RedisRegistry } from '@turn-router/registry';

/** The writing half of the registry. Every call settles within `publishTimeoutMs` or rejects with a RegistryError. */
export type ReportPublisher = Pick<RedisRegistry, 'put' | 'remove'> & AsyncDisposable;

/** What time it is for the registry, Unix milliseconds; settles or rejects as a publisher does. */
export type RegistryClock = Pick<RedisRegistry, 'readClock'>;

/** How long one call may take, milliseconds. */
export const publishTimeoutMs = 2_000;
