import type { AuditEvent } from '@turn-router/contract/registry';
import { createRedisAuditLog, RegistryError } from '@turn-router/registry';
import type { Environment } from '@turn-router/settings';
import { connectionOfTurnctl } from '../connection-of-turnctl.ts';
import { findFirstRedisUrl } from '../first-redis-url.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Writes down what was just done, under the name of who runs this, in the Redis that REDIS_URL names; without one, nowhere. It has been
 * done, so that a log which cannot be written to is said and no more.
 */
export async function writeAudit(
  event: Omit<AuditEvent, 'actor'>,
  environment: Environment,
  { who, stderr }: Pick<Terminal, 'who' | 'stderr'>,
): Promise<void> {
  const url = findFirstRedisUrl(environment);
  if (url === undefined) return;
  await using log = createRedisAuditLog({ url, ...connectionOfTurnctl });
  try {
    await log.append({
      action: event.action,
      actor: line(`turnctl:${who()}`),
      subject: line(event.subject),
      ...(event.detail === undefined ? {} : { detail: linesOf(event.detail) }),
    });
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    stderr.write(`Warning: it is done, and not in the audit log: ${error.message}\n`);
  }
}

type Detail = NonNullable<AuditEvent['detail']>;

function linesOf(detail: Detail): Detail {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? line(value) : value]),
  );
}

/** As an entry can hold it: what stands in Redis, and is revoked, may have any id. */
function line(text: string): string {
  return text.slice(0, 256).replaceAll(/[\p{Cc}\p{Cs}]/gu, '?') || '?';
}
