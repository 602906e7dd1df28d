import type { AuditEvent } from '@turn-router/contract/registry';
import type { Trail } from '@turn-router/operations';
import { createRedisAuditLog, RegistryError } from '@turn-router/registry';
import type { Environment } from '@turn-router/settings';
import { findFirstRedis } from '../first-redis.ts';
import type { Terminal } from '../terminal.ts';

/** Returns the actor for the audit log. */
export function actorOf({ who }: Pick<Terminal, 'who'>): string {
  return `turnctl:${who()}`;
}

/**
 * Collects the audit entries of a command. Writes them to the Redis of REDIS_URL when it is disposed of, after the command has shown its
 * result. Without REDIS_URL, it writes no entries. If a write fails, it only prints a warning, because the change is already made.
 */
export function openTrail(environment: Environment, { stderr }: Pick<Terminal, 'stderr'>): Trail & AsyncDisposable {
  const events: AuditEvent[] = [];
  return {
    record: (event) => void events.push(event),
    async [Symbol.asyncDispose]() {
      const redis = events.length === 0 ? undefined : findFirstRedis(environment);
      if (redis === undefined) return;
      await using log = createRedisAuditLog(redis);
      for (const event of events) {
        try {
          await log.append(event);
        } catch (error) {
          if (!(error instanceof RegistryError)) throw error;
          stderr.write(`Warning: the change was made, but the audit entry could not be written: ${error.message}\n`);
        }
      }
    },
  };
}
