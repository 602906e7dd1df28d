import type { Logger } from '../observe/logger.ts';

/** A command that Redis refuses to the router's user. `key` is the pattern of the keys that it was refused for, if it is not the hash. */
export type SkippedCheck = { readonly hash: string; readonly command: string; readonly key?: string };

/** Says that the router goes on without a check of a hash. */
export function noteSkippedCheck(logger: Logger, check: SkippedCheck): void {
  logger.warn(
    { event: 'redis.check_skipped', ...check },
    'Redis refuses a command to this user: skipping the check that needs it',
  );
}
