import {
  apiKeysRedisKey,
  auditRedisKey,
  nodeKeyGlob,
  nodeProofGlob,
  nodeProofGlobOf,
  redisKeyFromNodeKey,
  revocationsRedisKey,
  type NodeKey,
} from '@turn-router/contract/registry';
import { auditStateKeyGlob } from '../audit/redis-audit-log.ts';
import { heldKeyGlob } from '../hash/hash-loss.ts';
import { limitKeyGlob } from '../limits/exchange-limits.ts';
import { replicasKey } from '../replicas/announce-replica.ts';
import { turnSecretsKey } from '../turn-secrets/turn-secrets-key.ts';

/** A Redis user that has only the permissions that one program needs. */
export type AclUser = { readonly name: string; readonly rules: readonly string[] };

export type AclOptions = {
  /** SHA-256 of the password, lower-case hex, so that the rules do not contain the password itself. */
  readonly passwordSha256: string;
  /** Whether Redis runs as a cluster. Clients of a cluster need the slot map. */
  readonly isCluster?: boolean;
};

/** Sent on every connection. HELLO and AUTH need no permission. */
const connectionCommands = ['ping', 'client|setname'];
const clusterCommands = ['cluster|slots', 'readonly', 'asking'];

const writingCommands = ['set', 'del'];
/** Lets a reporter measure its node's clock offset. */
const clockCommands = ['time'];
const readingCommands = ['scan', 'get', 'mget', 'strlen', 'pttl', 'info'];
/** Read API keys and revocations. */
const hashCommands = ['hlen', 'hgetall', 'memory|usage'];
/** Used by `announceReplica` and `withdrawReplica`. Redis checks the permission for each command inside a script, too. */
const replicaCommands = ['eval', 'time', 'zadd', 'zremrangebyscore', 'pexpire', 'zcard', 'zrem'];
/** Used by `exchangeLimits` besides `replicaCommands`. */
const limitCommands = ['hset', 'hdel', 'zremrangebyrank', 'zrange'];

/**
 * Used by `createRedisAuditLog`. These are Redis selectors, separate from all other permissions, so that no command can delete from the
 * audit log. The script that uses the log and its states may only run the commands listed for each key.
 */
const auditSelectors = [
  `(~${auditRedisKey} ~${auditStateKeyGlob} +eval)`,
  `(~${auditRedisKey} +xadd +xrevrange)`,
  `(~${auditStateKeyGlob} +get +set)`,
];

/** Change a hash of API keys or revocations. Used by `createRedisHash`. */
const changingCommands = ['eval', 'hget', 'hset', 'hsetnx', 'hdel', 'hlen'];

/** Lets a router report that it holds entries of a lost hash, and read the reports of others. */
const holdingSelector = selector([heldKeyGlob], ['get', 'set']);

/** Lets a router change revocations. This is a Redis selector too, so a router may use these commands only for this key. */
const revokingSelector = selector([revocationsRedisKey], changingCommands);

/**
 * Creates the user of one reporter. The user may write and delete the report of this node, and read Redis' clock. Needs Redis 6, or Redis 7 with
 * one of the options.
 *
 * @param endsRelays whether the reporter also reads revocations
 * @param provesOthers whether the reporter also proves other nodes: it reads all reports and proofs, and writes its own proofs; default true
 */
export function reporterAcl(
  key: NodeKey,
  { endsRelays, provesOthers = true, ...options }: AclOptions & ReporterPermissions,
): AclUser {
  const keys = [`~${redisKeyFromNodeKey(key)}`, ...(endsRelays ? [`%R~${revocationsRedisKey}`] : [])];
  const commands = [...writingCommands, ...clockCommands, ...(endsRelays ? hashCommands : [])];
  const selectors = provesOthers ? provingSelectors(key) : [];
  return { name: `reporter-${key.region}-${key.id}`, rules: [...rulesFrom(options, keys, commands), ...selectors] };
}

/**
 * Creates the user of a fleet watch. The user may write the reports of all nodes. Needs Redis 6, or Redis 7 if the watch proves nodes.
 *
 * @param key the region and the id of the watch
 * @param provesOthers whether the watch also proves nodes from outside, under its name; default true
 */
export function watchAcl(
  key: NodeKey,
  { provesOthers = true, ...options }: AclOptions & Pick<ReporterPermissions, 'provesOthers'>,
): AclUser {
  const selectors = provesOthers ? provingSelectors(key) : [];
  return {
    name: `watch-${key.region}-${key.id}`,
    rules: [...rulesFrom(options, [`~${nodeKeyGlob}`], writingCommands), ...selectors],
  };
}

type ReporterPermissions = { readonly endsRelays: boolean; readonly provesOthers?: boolean };

/**
 * Lets a prober read all reports and proofs, and write its own proofs. These are Redis selectors, so that no command reads or writes another key.
 * SCAN names no key, so Redis cannot restrict it: the prober may list the names of all keys.
 */
function provingSelectors(prober: NodeKey): string[] {
  return [
    selector([nodeKeyGlob, nodeProofGlob], readingCommands, '%R~'),
    selector([nodeProofGlobOf(prober)], ['set'], '%W~'),
  ];
}

/**
 * Creates the user of the routers. The user may read all reports, proofs, API keys and revocations, announce a router, count calls, and append to
 * the audit log. Needs Redis 7, because older versions lack read-only key permissions.
 *
 * @param acceptsReports whether nodes report to the routers over HTTP, so that the routers write the reports and proofs
 * @param revokes whether the admin API may add and lift revocations
 */
export function routerAcl({
  acceptsReports,
  revokes,
  ...options
}: AclOptions & { readonly acceptsReports: boolean; readonly revokes: boolean }): AclUser {
  const keys = [
    acceptsReports ? `~${nodeKeyGlob}` : `%R~${nodeKeyGlob}`,
    acceptsReports ? `~${nodeProofGlob}` : `%R~${nodeProofGlob}`,
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
  const selectors = [...auditSelectors, holdingSelector, ...(revokes ? [revokingSelector] : [])];
  return { name: 'router', rules: [...rulesFrom(options, keys, commands), ...selectors] };
}

/**
 * Creates the user of operators, with what turnctl needs. The user may read all reports, change API keys and revocations, and append to and read
 * the audit log. Needs Redis 7.
 */
export function operatorAcl(options: AclOptions): AclUser {
  const selectors = [
    selector([apiKeysRedisKey, revocationsRedisKey], [...changingCommands, ...hashCommands]),
    selector([auditRedisKey], ['xadd', 'xrevrange']),
    selector([heldKeyGlob], ['get']),
  ];
  return { name: 'operator', rules: [...rulesFrom(options, [`%R~${nodeKeyGlob}`], readingCommands), ...selectors] };
}

/**
 * Creates the user of a coturn with `redis-userdb`. The user may read the secrets of one realm. coturn also sends KEYS to test its connection.
 * The user may not run KEYS, because it would block a large Redis. The refusal is an answer too, so the test passes. Needs Redis 6.
 */
export function coturnAcl(realm: string, options: AclOptions): AclUser {
  const rules = rulesFrom(options, [`~${turnSecretsKey(realm)}`], ['smembers', 'select']);
  return { name: `coturn-${realm}`, rules };
}

/** Creates the user with which `turnctl secrets store` changes the secrets of one realm. Needs Redis 6. */
export function secretStoreAcl(realm: string, options: AclOptions): AclUser {
  const rules = rulesFrom(options, [`~${turnSecretsKey(realm)}`], ['smembers', 'sadd', 'srem', 'select']);
  return { name: `secrets-${realm}`, rules };
}

/** Returns a Redis selector: permissions that are separate from all other permissions of the user. */
function selector(keys: readonly string[], commands: readonly string[], access: '~' | '%R~' | '%W~' = '~'): string {
  return `(${[...keys.map((key) => `${access}${key}`), ...[...new Set(commands)].map((command) => `+${command}`)].join(' ')})`;
}

function rulesFrom(
  { passwordSha256, isCluster = false }: AclOptions,
  keys: readonly string[],
  commands: readonly string[],
): string[] {
  const allowed = [...connectionCommands, ...(isCluster ? clusterCommands : []), ...commands];
  // Denies all channels and all other commands, whatever `acl-pubsub-default` is set to.
  return ['on', `#${passwordSha256}`, 'resetchannels', ...keys, '-@all', ...allowed.map((command) => `+${command}`)];
}

/** Returns the command for `redis-cli`. It replaces all previous permissions of the user. */
export function aclCommandFrom({ name, rules }: AclUser): string {
  return ['ACL', 'SETUSER', name, 'reset', ...rules].join(' ');
}

/** Returns the line for the ACL file (`aclfile` in redis.conf). */
export function aclFileLineFrom({ name, rules }: AclUser): string {
  return ['user', name, ...rules].join(' ');
}

/**
 * Nobody can log in as `default`, but the user keeps all permissions. Redis 7.0 replays its AOF as this user at a start. Without the permissions,
 * it refuses the commands of the AOF and loses the data.
 */
const disabledDefaultUser: AclUser = { name: 'default', rules: ['off', '~*', '&*', '+@all'] };

/** Returns a whole ACL file (`aclfile` in redis.conf). It contains no comments, because Redis 7.0 refuses them. */
export function aclFileFrom(users: readonly AclUser[]): string {
  return [disabledDefaultUser, ...users].map((user) => `${aclFileLineFrom(user)}\n`).join('');
}
