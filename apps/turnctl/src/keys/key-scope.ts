import { newKey, OperationError, type NewKey } from '@turn-router/operations';
import { InvalidArgumentError, type Command } from 'commander';
import { CommandFault } from '../command-fault.ts';
import { parseExpiry } from '../duration.ts';
import type { Terminal } from '../terminal.ts';

/** The options that limit the use of a new key. */
export type KeyScopeOptions = {
  readonly label?: string;
  readonly origin?: readonly string[];
  readonly trustedCallers?: true;
  /** Unix time, ms. */
  readonly expires?: number;
  readonly region?: readonly string[];
  readonly minTtl?: number;
  readonly maxTtl?: number;
  readonly perKeyPerMinute?: number;
  readonly perUserPerMinute?: number;
  readonly perAddressPerMinute?: number;
};

/** The option that sets each field of a record. */
const optionOf: Readonly<Record<string, string>> = {
  label: '--label',
  origins: '--origin',
  expires_at: '--expires',
  regions: '--region',
  min_ttl_seconds: '--min-ttl',
  max_ttl_seconds: '--max-ttl',
  per_key_per_minute: '--per-key-per-minute',
  per_user_per_minute: '--per-user-per-minute',
  per_address_per_minute: '--per-address-per-minute',
};

export function withScopeOptions(command: Command, unixMs: () => number): Command {
  return withExpiry(command, unixMs)
    .option('--label <text>', 'name of the application, shown to operators')
    .option(
      '--origin <origins...>',
      'web origins that may use the key, such as https://app.example.org; programs that send no origin can always use the key',
    )
    .option(
      '--trusted-callers',
      'with --origin: believe the users that requests name, and apply the TTL and limits of keys instead of those of anonymous callers',
    )
    .option('--region <regions...>', 'callers with this key get relays only in these regions; default: all regions')
    .option('--min-ttl <seconds>', 'shortest credential TTL, within the bounds of the policy', wholeNumber)
    .option('--max-ttl <seconds>', 'longest credential TTL, within the bounds of the policy', wholeNumber)
    .option(
      '--per-key-per-minute <requests>',
      "limit for all requests with the key; replaces the policy's limit; 0: no limit",
      wholeNumber,
    )
    .option(
      '--per-user-per-minute <requests>',
      "limit for each user of the key; replaces the policy's limit; 0: no limit",
      wholeNumber,
    )
    .option(
      '--per-address-per-minute <requests>',
      "limit for each client address; replaces the policy's limit; 0: no limit",
      wholeNumber,
    );
}

/** Adds the option for the expiry of a key. */
export function withExpiry(command: Command, unixMs: () => number): Command {
  return command.option(
    '--expires <time>',
    'time from which on routers refuse the key, such as 90d, 2027-02-27 or 2027-02-27T08:00:00Z',
    (text) => parseExpiry(text, unixMs()),
  );
}

/** Returns the time as a record stores it. */
export function expiryText(expires: number | undefined): string | undefined {
  return expires === undefined ? undefined : new Date(expires).toISOString();
}

/** Generates a key with the limits that the options set. @throws CommandFault with every invalid option */
export function newKeyWith(
  id: string,
  { label, origin, trustedCallers, expires, region, minTtl, maxTtl, ...limits }: KeyScopeOptions,
  { unixMs, randomBytes }: Pick<Terminal, 'unixMs' | 'randomBytes'>,
): NewKey {
  const scope = {
    label,
    origins: origin?.slice(),
    anonymous_callers: trustedCallers === true ? false : undefined,
    expires_at: expiryText(expires),
    regions: region?.slice(),
    min_ttl_seconds: minTtl,
    max_ttl_seconds: maxTtl,
    per_key_per_minute: limits.perKeyPerMinute,
    per_user_per_minute: limits.perUserPerMinute,
    per_address_per_minute: limits.perAddressPerMinute,
  };
  try {
    return newKey({ id, scope }, { nowMs: unixMs, randomBytes });
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw new CommandFault(error.faults.map(lineOf).join('\n'));
  }
}

function lineOf({ field, detail }: OperationError['faults'][number]): string {
  const [name = ''] = field.split('[');
  return `${optionOf[name] ?? field}: ${detail.replace('max_ttl_seconds', '--max-ttl')}`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0 to 999999999.');
  return Number(text);
}
