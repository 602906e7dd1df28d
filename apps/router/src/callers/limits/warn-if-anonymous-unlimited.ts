import type { Policy } from '@turn-router/contract/policy';
import type { Logger } from '../../observe/logger.ts';
import type { AuthConfig } from '../auth/auth-config.ts';

/** Warns if anonymous callers are accepted without any rate limit. */
export function warnIfAnonymousUnlimited(
  { anonymous }: Pick<AuthConfig, 'anonymous'>,
  { limits }: Pick<Policy, 'limits'>,
  logger: Pick<Logger, 'warn'>,
): void {
  if (!anonymous || limits.perAddressPerMinute > 0 || limits.anonymousPerAddressPerMinute > 0) return;
  logger.warn(
    { event: 'limits.anonymous_unlimited' },
    'anonymous callers have no rate limit: set limits.anonymousPerAddressPerMinute in the policy',
  );
}
