import type { NodeRegistry } from '@turn-router/registry';

/** The writing half of the registry. Every call settles within `publishTimeoutMs` or rejects with a RegistryError. */
export type ReportPublisher = Pick<NodeRegistry, 'put' | 'remove'> & AsyncDisposable;

/** How long one call may take, milliseconds. */
export const publishTimeoutMs = 2_000;
