import {
  apiKeysRedisKey,
  auditRedisKey,
  nodeKeyGlob,
  redisKeyFromNodeKey,
  revocationsRedisKey,
  type NodeKey,
} from '@turn-router/contract/registry';
import { auditStateKeyGlob } from '../audit/redis-audit-log.ts';
import { limitKeyGlob } from '../limits/exchange-limits.ts';
import { replicasKey } from '../replicas/announce-replica.ts';

/** A user of Redis who may do what one of our programs does, and nothing else. */
export type AclUser = { readonly name: string; readonly rules: readonly string[] };

export type AclOptions = {
  /** Lower-case hex; Redis never learns the password itself from it. */
  readonly passwordSha256: string;
  /** Whether Redis runs as a cluster, whose clients have to ask for its map. */
  readonly isCluster?: boolean;
};

/** What a connection is greeted and checked with. HELLO and AUTH need no permission. */
const connectionCommands = ['ping', 'client|setname'];
const clusterCommands = ['cluster|slots', 'readonly', 'asking'];

const writingCommands = ['set', 'del'];
/** By which a reporter tells how far its node's clock is off. */
const clockCommands = ['time'];
const readingCommands = ['scan', 'get', 'mget', 'strlen', 'info'];
/** By which small hashes are read. */
const hashCommands = ['hlen', 'hgetall'];
/** What `announceReplica` and `withdrawReplica` do; Redis asks for permission for each command inside of a script, too. */
const replicaCommands = ['eval', 'time', 'zadd', 'zremrangebyscore', 'pexpire', 'zcard', 'zrem'];
/** What `exchangeLimits` does on top of these. */
const limitCommands = ['hset', 'hdel', 'zremrangebyrank', 'zrange'];

/**
 * What `createRedisAuditLog` does, apart from all other permissions (Redis calls it a selector): of the audit log itself nobody takes
 * anything away, and the script that touches it and its states may do with each of them what stands here.
 */
const auditSelectors = [
  `(~${auditRedisKey} ~${auditStateKeyGlob} +eval)`,
  `(~${auditRedisKey} +xadd +xrevrange)`,
  `(~${auditStateKeyGlob} +get +set)`,
];

/** What `createRedisRevocations` does to change the revocations. A selector too: nothing else that a router may touch takes these commands. */
const revokingSelector = `(~${revocationsRedisKey} +eval +hget +hset +hsetnx +hdel +hlen)`;

/**
 * May write and take away the report of its own node, and ask for the time. Redis 6 or newer.
 *
 * @param endsRelays whether it reads revocations, too; then Redis 7 or newer, as for routers
 */
export function reporterAcl(
  key: NodeKey,
  { endsRelays, ...options }: AclOptions & { readonly endsRelays: boolean },
): AclUser {
  const keys = [`~${redisKeyFromNodeKey(key)}`, ...(endsRelays ? [`%R~${revocationsRedisKey}`] : [])];
  const commands = [...writingCommands, ...clockCommands, ...(endsRelays ? hashCommands : [])];
  return { name: `reporter-${key.region}-${key.id}`, rules: rulesFrom(options, keys, commands) };
}

/**
 * May read all reports, the API keys and the revocations, say that it is alive, count calls, and add to the audit log. Redis 7 or newer, since
 * older ones cannot give a key for reading only.
 *
 * @param acceptsReports whether nodes report to this router over HTTP, which it then writes down for them
 * @param revokes whether its admin API may revoke, and lift revocations
 */
export function routerAcl({
  acceptsReports,
  revokes,
  ...options
}: AclOptions & { readonly acceptsReports: boolean; readonly revokes: boolean }): AclUser {
  const keys = [
    acceptsReports ? `~${nodeKeyGlob}` : `%R~${nodeKeyGlob}`,
    `~${replicasKey}`,
    `%R~${apiKeysRedisKey}`,
    `%R~${revocationsRedisKey}`,
    `~${limitKeyGlob}`,
  ];
  const commands = [
    ...readingCommands,
    ...hashCommands,
    ...replicaCommands,
    ...limitCommands,
    ...(acceptsReports ? writingCommands : []),
  ];
  const selectors = [...auditSelectors, ...(revokes ? [revokingSelector] : [])];
  return { name: 'router', rules: [...rulesFrom(options, keys, commands), ...selectors] };
}

function rulesFrom(
  { passwordSha256, isCluster = false }: AclOptions,
  keys: readonly string[],
  commands: readonly string[],
): string[] {
  const allowed = [...connectionCommands, ...(isCluster ? clusterCommands : []), ...commands];
  // No channel and no command but these, whatever `acl-pubsub-default` says.
  return ['on', `#${passwordSha256}`, 'resetchannels', ...keys, '-@all', ...allowed.map((command) => `+${command}`)];
}

/** For `redis-cli`; what the user could do before, it can no longer. */
export function aclCommandFrom({ name, rules }: AclUser): string {
  return ['ACL', 'SETUSER', name, 'reset', ...rules].join(' ');
}

/** For the file that `aclfile` names. */
export function aclFileLineFrom({ name, rules }: AclUser): string {
  return ['user', name, ...rules].join(' ');
}
