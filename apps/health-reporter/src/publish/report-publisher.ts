import type { RedisRegistry } from '@turn-router/registry';

/** The write side of the registry. Every call settles within `publishTimeoutMs` or rejects with a RegistryError. */
export type ReportPublisher = Pick<RedisRegistry, 'put' | 'remove'> & AsyncDisposable;

/** Reads the registry's clock, Unix milliseconds. Settles or rejects as a ReportPublisher does. */
export type RegistryClock = Pick<RedisRegistry, 'readClock'>;

/** The timeout of one call, milliseconds. */
export const publishTimeoutMs = 2_000;
