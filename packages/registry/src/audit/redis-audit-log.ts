import { auditRedisKey, parseAuditEntry, type AuditEntry } from '@turn-router/contract/registry';
import type { Cluster, Redis } from 'ioredis';
import type { ConnectionOptions } from '../redis/connection/connection-settings.ts';
import { connectToRedis } from '../redis/deployment/connect-to-redis.ts';
import type { RedisDeployment } from '../redis/deployment/redis-deployment.ts';
import { badReply, textFrom } from '../redis/replies.ts';
import { auditEventText } from './audit-event-text.ts';
import type { AuditLog, AuditQuery, AuditReading, AuditState } from './audit-log.ts';

/** Keys of the last state of each subject. They share the stream's cluster slot, so that one script may use both. */
const stateKeyPrefix = `turn:audit:state:{${auditRedisKey}}:`;

/** Matches all keys with this prefix. */
export const auditStateKeyGlob = 'turn:audit:state:*';

/**
 * The approximate number of entries that Redis keeps. If there are more, Redis removes the oldest. To keep all entries, export them in
 * time. A larger number takes memory from the main purpose of the server: 130 MB for a million entries.
 */
const entriesKept = 100_000;

/** Entries per command, which takes Redis about a millisecond. */
const batchSize = 500;

/** The largest number of batches that one query reads. The next query continues after them. */
const batchesMax = 40;

/**
 * Appends an entry unless its state repeats. A script is atomic, so only one of several routers writes. It writes the entry before the state:
 * if memory runs out, another attempt can still write the entry.
 *
 * KEYS: the stream; the last state; the settling flag of this state. ARGV: the entry, the state, its `lastsMs` and `settlesMs` (ms, or
 * empty), the number of entries to keep. Returns 1 when written, else 0.
 */
const appendChangeScript = `
local function hold()
  if ARGV[3] == '' then redis.call('SET', KEYS[2], ARGV[2]) else redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end
end
if redis.call('GET', KEYS[2]) == ARGV[2] then
  hold()
  return 0
end
if redis.call('GET', KEYS[3]) then return 0 end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[5], '*', 'entry', ARGV[1])
hold()
if ARGV[4] ~= '' then redis.call('SET', KEYS[3], '1', 'PX', ARGV[4]) end
return 1
`;

/**
 * Creates the audit log in the stream `turn:audit`. Redis assigns the time of each entry, so that the entries of all machines are in one
 * order. Needs Redis 6.2.
 *
 * @throws RedisUrlFault
 */
export function createRedisAuditLog({ url, ...options }: ConnectionOptions & { readonly url: string }): AuditLog {
  const deployment = connectToRedis(url, options);
  return {
    append: (event, state) => {
      const text = auditEventText(event);
      return deployment.write(async (redis) => {
        if (state === undefined) {
          textFrom('XADD', await redis.xadd(auditRedisKey, 'MAXLEN', '~', entriesKept, '*', 'entry', text));
          return true;
        }
        const answer = await appendChange(redis, text, state);
        if (answer !== 0 && answer !== 1) throw badReply('expected 0 or 1 from EVAL');
        return answer === 1;
      });
    },
    read: (query) => readEntries(deployment, query),
    [Symbol.asyncDispose]() {
      deployment.close();
      return Promise.resolve();
    },
  };
}

function appendChange(
  redis: Redis | Cluster,
  text: string,
  { of, is, lastsMs, settlesMs }: AuditState,
): Promise<unknown> {
  const stateKey = `${stateKeyPrefix}${of}`;
  const keys = [auditRedisKey, stateKey, `${stateKey}=${is}`];
  const [lasts, settles] = [lastsMs, settlesMs].map((ms) => (ms === undefined ? '' : `${ms}`));
  return redis.eval(appendChangeScript, keys.length, ...keys, text, is, lasts ?? '', settles ?? '', entriesKept);
}

/** Reads the entries, newest first. */
export async function readEntries(
  { write }: RedisDeployment,
  { sinceMs, before, limit, action }: AuditQuery,
): Promise<AuditReading> {
  const entries: AuditEntry[] = [];
  let rejected = 0;
  let from = before;
  // Stream ids cannot be negative.
  const since = Math.max(0, Math.floor(sinceMs));
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const until = from === undefined ? '+' : `(${from}`;
    const records = await write(async (redis) =>
      recordsFrom(await redis.xrevrange(auditRedisKey, until, since, 'COUNT', batchSize)),
    );
    for (const [id, fields] of records) {
      from = id;
      const parsed = parseAuditEntry(id, fields[fields.indexOf('entry') + 1] ?? '');
      if (!parsed.ok) rejected += 1;
      else if (action === undefined || parsed.entry.action === action) {
        // One entry beyond the limit proves that there are older ones.
        if (entries.length === limit) return { entries, rejected, before: entries.at(-1)?.id };
        entries.push(parsed.entry);
      }
    }
    if (records.length < batchSize) return { entries, rejected, before: undefined };
  }
  return { entries, rejected, before: from };
}

type StreamRecord = readonly [id: string, fields: readonly string[]];

/** @param reply the reply to XREVRANGE: ids and fields */
function recordsFrom(reply: unknown): readonly StreamRecord[] {
  if (!Array.isArray(reply) || reply.length > batchSize || !reply.every((each) => isRecord(each))) {
    throw badReply('expected ids and fields from XREVRANGE');
  }
  return reply;
}

function isRecord(record: unknown): record is StreamRecord {
  if (!Array.isArray(record) || record.length !== 2) return false;
  const [id, fields]: unknown[] = record;
  return typeof id === 'string' && Array.isArray(fields) && fields.every((field) => typeof field === 'string');
}
