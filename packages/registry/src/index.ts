export { startApiKeyFeed } from './api-keys/api-key-feed.ts';
export { createRedisApiKeys } from './api-keys/redis-api-keys.ts';
export type { AuditLog, AuditQuery, AuditReading, AuditState } from './audit/audit-log.ts';
export {
  startAuditTrail,
  type AuditTrail,
  type AuditTrailEvents,
  type AuditTrailOptions,
} from './audit/audit-trail.ts';
export { createFileAuditLog } from './audit/file-audit-log.ts';
export { createMemoryAuditLog } from './audit/memory-audit-log.ts';
export { createRedisAuditLog } from './audit/redis-audit-log.ts';
export type { HashFeed, HashFeedEvents, HashFeedOptions } from './hash/hash-feed.ts';
export { createMemoryHash } from './hash/memory-hash.ts';
export type { HashSource, HashStore, StoredHash } from './hash/hash-store.ts';
export type { RedisHashOptions } from './hash/redis-hash.ts';
export { bucketName } from './limits/bucket-name.ts';
export {
  slotMs,
  windowSlots,
  busyMax,
  leaseMs,
  type AgedCalls,
  type LimitExchange,
  type LimitLedger,
  type LimitReport,
  type LimitSettlement,
} from './limits/limit-ledger.ts';
export { createMemoryLimitLedger } from './limits/memory-limit-ledger.ts';
export { createMemoryRegistry } from './memory-registry.ts';
export type {
  FollowedReading,
  NodeRecord,
  NodeRegistry,
  RegistryFollower,
  RegistryReading,
  RejectedRecord,
} from './node-registry.ts';
export type { OutageEvents } from './outage-watch.ts';
export { createReportSink, type ReportSink } from './report-sink.ts';
export {
  aclCommandFrom,
  aclFileLineFrom,
  reporterAcl,
  routerAcl,
  type AclOptions,
  type AclUser,
} from './redis/acl-rules.ts';
export { createRedisRegistry, type RedisRegistry } from './redis/redis-registry.ts';
export { findRedisUrlFault, parseRedisUrls } from './redis/redis-urls.ts';
export { RegistryError, type RegistryErrorCode, type RegistryFault } from './registry-error.ts';
export { combineReplicaCounts } from './combine-replica-counts.ts';
export type { AskNode } from './fleet/ask-nodes.ts';
export { startFleetFeed, type FleetFeed, type FleetFeedEvents } from './fleet/fleet-feed.ts';
export type { FleetNode, NodeChanges } from './fleet/node-changes.ts';
export type { FleetSourceParts, FleetSourceStatus } from './fleet/fleet-source.ts';
export { createRedisRevocations } from './revocations/redis-revocations.ts';
export { startRevocationFeed } from './revocations/revocation-feed.ts';
export { startLoop } from './start-loop.ts';
export { startReplicaCount, type ReplicaCount } from './replica-count.ts';
export {
  startSnapshotFeed,
  type RegistrySnapshot,
  type SnapshotFeed,
  type SnapshotFeedEvents,
} from './snapshot-feed.ts';
export type { SnapshotFault, SnapshotFaultCode } from './snapshot-store/snapshot-fault.ts';
export type { ParsedSnapshot } from './snapshot-store/snapshot-parser.ts';
export {
  openSnapshotStore,
  type SnapshotStore,
  type SnapshotStoreEvents,
  type SnapshotStoreOptions,
} from './snapshot-store/snapshot-store.ts';
