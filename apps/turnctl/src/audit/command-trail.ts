import type { AuditEvent } from '@turn-router/contract/registry';
import type { Trail } from '@turn-router/operations';
import { createRedisAuditLog, RegistryError } from '@turn-router/registry';
import type { Environment } from '@turn-router/settings';
import { findFirstRedis } from '../first-redis.ts';
import type { Terminal } from '../terminal.ts';

/** Who runs this, in the audit log. */
export function actorOf({ who }: Pick<Terminal, 'who'>): string {
  return `turnctl:${who()}`;
}

/**
 * Writes down what a command has done when it is disposed of, so after the command has shown it: in the Redis that REDIS_URL names; without
 * one, nowhere. It has been done, so that a log which cannot be written to is said and no more.
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
          stderr.write(`Warning: it is done, and not in the audit log: ${error.message}\n`);
        }
      }
    },
  };
}
