export { RegistryError, type RegistryErrorCode, type RegistryFault } from './registry-error.ts';
export { createMemoryRegistry } from './nodes/memory-registry.ts';
export type {
  FollowedReading,
  NodeRecord,
  NodeRegistry,
  RegistryFollower,
  RegistryReading,
  RejectedRecord,
} from './nodes/node-registry.ts';
export { createReportSink, type ReportSink } from './nodes/report-sink.ts';
export type { AskNode } from './fleet/ask-nodes.ts';
export { startFleetFeed, type FleetFeed, type FleetFeedEvents } from './fleet/fleet-feed.ts';
export type { FleetSourceParts, FleetSourceStatus } from './fleet/fleet-source.ts';
export { startReadingFeed, type TimedReading, type ReadingFeed, type ReadingFeedEvents } from './fleet/reading-feed.ts';
export type { SnapshotFault, SnapshotFaultCode } from './snapshot-store/snapshot-fault.ts';
export type { ParsedSnapshot } from './snapshot-store/snapshot-parser.ts';
export {
  openSnapshotStore,
  type SnapshotStore,
  type SnapshotStoreEvents,
  type SnapshotStoreOptions,
} from './snapshot-store/snapshot-store.ts';
export { createRedisRegistry, type RedisRegistry } from './redis/redis-registry.ts';
export type { AddressRules } from './trust/address-rules.ts';
export type { RedisTarget, SingleTarget } from './redis/url/redis-target.ts';
export { findRedisUrlFault, isLoopbackUrl, parseRedisUrl, parseRedisUrls } from './redis/url/redis-url.ts';
export {
  aclCommandFrom,
  aclFileFrom,
  aclFileLineFrom,
  coturnAcl,
  operatorAcl,
  reporterAcl,
  routerAcl,
  secretStoreAcl,
  watchAcl,
  type AclOptions,
  type AclUser,
} from './acl/acl-rules.ts';
export { combineReplicaCounts, startReplicaCount, type ReplicaCount } from './replicas/replica-count.ts';
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
export type { HashFeed, HashFeedEvents, HashFeedOptions } from './hash/hash-feed.ts';
export type { EntryReplacement, HashLoss, HashSource, HashStore, StoredHash } from './hash/hash-store.ts';
export { createMemoryHash } from './hash/memory-hash.ts';
export type { RedisHashOptions } from './hash/redis-hash.ts';
export { type DurableHash, type DurableHashEvents, type DurableHashOptions } from './durable-file/durable-hash.ts';
export { openDurableHash } from './durable-file/open-durable-hash.ts';
export { makeDirectory, replaceFile } from './durable-file/replace-file.ts';
export { hasGained } from './durable-file/hash-changes.ts';
export { parseHashText, type ParsedHash } from './durable-file/hash-text.ts';
export { createTransientHash } from './durable-file/transient-hash.ts';
export { createRedisApiKeys, startApiKeyFeed } from './api-keys/api-keys.ts';
export { createRedisRevocations, startRevocationFeed } from './revocations/revocations.ts';
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
export type { OutageEvents } from './loop/outage-watch.ts';
export { startLoop } from './loop/start-loop.ts';
export { openFilePolicySource } from './policies/file-policy-source.ts';
export { createMemoryPolicySource } from './policies/memory-policy-source.ts';
export { PolicySourceError, type PolicySource, type PolicyVersion } from './policies/policy-source.ts';
export { createMemoryProofs } from './proofs/memory-proofs.ts';
export type { ProofReading, ProofStore } from './proofs/proof-store.ts';
export { createRedisTurnSecrets, type TurnSecretStore } from './turn-secrets/redis-turn-secrets.ts';
export { plainRealm, turnSecretsKey } from './turn-secrets/turn-secrets-key.ts';
