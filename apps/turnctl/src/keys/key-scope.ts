import { faultsFromZodError } from '@turn-router/contract/http';
import { apiKeyRecordSchema, type ApiKeyRecord } from '@turn-router/contract/registry';
import { InvalidArgumentError, type Command } from 'commander';
import { CommandFault } from '../command-fault.ts';

/** What a new key may be used for, as its options say it. */
export type KeyScopeOptions = {
  readonly label?: string;
  readonly origin?: readonly string[];
  readonly region?: readonly string[];
  readonly minTtl?: number;
  readonly maxTtl?: number;
  readonly perKeyPerMinute?: number;
  readonly perUserPerMinute?: number;
  readonly perAddressPerMinute?: number;
};

/** Each field of a record by the option that gives it. */
const optionOf: Readonly<Record<string, string>> = {
  label: '--label',
  origins: '--origin',
  regions: '--region',
  min_ttl_seconds: '--min-ttl',
  max_ttl_seconds: '--max-ttl',
  per_key_per_minute: '--per-key-per-minute',
  per_user_per_minute: '--per-user-per-minute',
  per_address_per_minute: '--per-address-per-minute',
};

export function withScopeOptions(command: Command): Command {
  return command
    .option('--label <text>', 'whose it is, for people')
    .option('--origin <origins...>', 'only for pages of these, such as https://app.example.org, and for programs')
    .option('--region <regions...>', 'only relays of these regions')
    .option('--min-ttl <seconds>', 'shortest life of a credential, within the bounds of the policy', wholeNumber)
    .option('--max-ttl <seconds>', 'longest life of a credential, within the bounds of the policy', wholeNumber)
    .option('--per-key-per-minute <requests>', "instead of the policy's limit; 0: no limit", wholeNumber)
    .option('--per-user-per-minute <requests>', "instead of the policy's limit; 0: no limit", wholeNumber)
    .option('--per-address-per-minute <requests>', "instead of the policy's limit; 0: no limit", wholeNumber);
}

/** @throws CommandFault with every option that is wrong */
export function recordWith(
  secrets: ApiKeyRecord['secrets'],
  { label, origin, region, minTtl, maxTtl, ...limits }: KeyScopeOptions,
): ApiKeyRecord {
  const parsed = apiKeyRecordSchema.safeParse({
    secrets,
    label,
    origins: origin,
    regions: region,
    min_ttl_seconds: minTtl,
    max_ttl_seconds: maxTtl,
    per_key_per_minute: limits.perKeyPerMinute,
    per_user_per_minute: limits.perUserPerMinute,
    per_address_per_minute: limits.perAddressPerMinute,
  });
  if (parsed.success) return parsed.data;
  const lines = faultsFromZodError(parsed.error).map(({ field, detail }) => {
    const [name = ''] = field.split('[');
    return `${optionOf[name] ?? field}: ${detail.replace('max_ttl_seconds', '--max-ttl')}`;
  });
  throw new CommandFault(lines.join('\n'));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}
