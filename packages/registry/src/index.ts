export { createMemoryRegistry } from './memory-registry.ts';
export type { NodeRecord, NodeRegistry, RegistryReading, RejectedRecord } from './node-registry.ts';
export type { OutageEvents } from './outage-watch.ts';
export { createRedisRegistry } from './redis-registry.ts';
export { findRedisUrlFault } from './redis-url.ts';
export { RegistryError, type RegistryErrorCode } from './registry-error.ts';
export { startReplicaCount, type ReplicaCount } from './replica-count.ts';
export {
  startSnapshotFeed,
  type RegistrySnapshot,
  type SnapshotFeed,
  type SnapshotFeedEvents,
} from './snapshot-feed.ts';
