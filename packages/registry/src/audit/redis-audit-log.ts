import { auditRedisKey, parseAuditEntry, type AuditEntry } from '@turn-router/contract/registry';
import type { Cluster, Redis } from 'ioredis';
import type { ConnectionOptions } from '../redis/connection/connection-settings.ts';
import { connectToRedis } from '../redis/deployment/connect-to-redis.ts';
import type { RedisDeployment } from '../redis/deployment/redis-deployment.ts';
import { auditEventText } from './audit-event-text.ts';
import type { AuditLog, AuditQuery, AuditReading, AuditState } from './audit-log.ts';

/** What was said last. In the slot of the stream, so that one script may touch both. */
const stateKeyPrefix = `turn:audit:state:{${auditRedisKey}}:`;

/** Of all keys that hold such a state. */
export const auditStateKeyGlob = 'turn:audit:state:*';

/**
 * Entries that Redis keeps, about; the oldest go first. Whoever wants them all exports them in time. More: memory of a server that is there
 * for something else, 130 MB for a million.
 */
const entriesKept = 100_000;

/** Read in one step: about a millisecond of Redis' time. */
const batchSize = 500;

/** Gone through for one query: the next goes on there. */
const batchesMax = 40;

/**
 * KEYS: the stream; what was said last; whether this was said not long ago. ARGV: the entry, the state, how long it lasts and for how long
 * it settles, each in ms or empty, entries that are kept. A script, so that of several routers one writes. The entry first: if there is no
 * memory for it, another may still say so.
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
 * The audit log in the stream `turn:audit`. When an entry was made is what Redis says, so that the entries of many machines are in one
 * order. Redis 6.2 or newer.
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
          await redis.xadd(auditRedisKey, 'MAXLEN', '~', entriesKept, '*', 'entry', text);
          return true;
        }
        return (await appendChange(redis, text, state)) === 1;
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

/** Goes back from the newest. */
async function readEntries(
  { write }: RedisDeployment,
  { sinceMs, before, limit, action }: AuditQuery,
): Promise<AuditReading> {
  const entries: AuditEntry[] = [];
  let rejected = 0;
  let from = before;
  // No id is of a time before 1970.
  const since = Math.max(0, Math.floor(sinceMs));
  for (let batch = 0; batch < batchesMax; batch += 1) {
    const until = from === undefined ? '+' : `(${from}`;
    const records = await write((redis) => redis.xrevrange(auditRedisKey, until, since, 'COUNT', batchSize));
    for (const [id, fields] of records) {
      from = id;
      const parsed = parseAuditEntry(id, fields[fields.indexOf('entry') + 1] ?? '');
      if (!parsed.ok) rejected += 1;
      else if (action === undefined || parsed.entry.action === action) {
        // One more than wanted: there is something older.
        if (entries.length === limit) return { entries, rejected, before: entries.at(-1)?.id };
        entries.push(parsed.entry);
      }
    }
    if (records.length < batchSize) return { entries, rejected, before: undefined };
  }
  return { entries, rejected, before: from };
}
