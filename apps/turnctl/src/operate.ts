import { OperationError, type OperationErrorCode, type OperationParts } from '@turn-router/operations';
import {
  createRedisApiKeys,
  createRedisRevocations,
  RegistryError,
  type HashStore,
  type RedisHashOptions,
} from '@turn-router/registry';
import type { Environment } from '@turn-router/settings';
import { actorOf, openTrail } from './audit/command-trail.ts';
import { CommandFault } from './command-fault.ts';
import { findFirstRedis } from './first-redis.ts';
import type { Terminal } from './terminal.ts';

/** What is said of a refusal, behind the name of what it is about. */
const refusalTexts: Readonly<Record<Exclude<OperationErrorCode, 'invalid'>, (name: string) => string>> = {
  exists: () => 'there is such a key: rotate it, revoke it, or take another id',
  not_found: () => 'no key has this id (turnctl keys list)',
  not_a_key: () => 'what is stored is no key: revoke it',
  two_secrets: (id) => `it has two secrets: take the older one away first (keys revoke ${id} --older)`,
  one_secret: () => 'it has only one secret',
  not_revoked: () => 'is not revoked (turnctl revoke list)',
  conflict: () => 'somebody has just changed it: look at it again',
};

export type Operating = {
  readonly environment: Environment;
  readonly terminal: Terminal;
  /** The key or the subject, as it was typed. */
  readonly name?: string;
};

/**
 * Runs use cases, and shows what they come to, on the Redis that REDIS_URL names. Then what was done is written into the audit log.
 *
 * @throws CommandFault when REDIS_URL is not set, Redis cannot do what is asked, or a use case refuses it
 */
export async function operate(
  { environment, terminal, name = '' }: Operating,
  work: (parts: OperationParts, actor: string) => Promise<void>,
): Promise<void> {
  await using trail = openTrail(environment, terminal);
  await using keys = openWhenAsked(
    createRedisApiKeys,
    'the Redis that holds the keys; those in a file are changed there',
    environment,
  );
  await using revocations = openWhenAsked(
    createRedisRevocations,
    'the Redis of the routers, which holds the revocations',
    environment,
  );
  const { unixMs: nowMs, randomBytes } = terminal;
  try {
    await work({ keys, revocations, trail, nowMs, randomBytes }, actorOf(terminal));
  } catch (error) {
    if (error instanceof RegistryError) throw new CommandFault(error.message);
    throw error instanceof OperationError ? new CommandFault(refusalText(error, name)) : error;
  }
}

function refusalText({ code, faults }: OperationError, name: string): string {
  if (code === 'invalid') return faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n');
  return `${JSON.stringify(name)}: ${refusalTexts[code](name)}`;
}

/** A store that is connected to when it is first asked: a command needs one of them, or none before its arguments are read. */
function openWhenAsked(
  open: (options: RedisHashOptions) => HashStore,
  expected: string,
  environment: Environment,
): HashStore {
  let opened: HashStore | undefined;
  function store(): HashStore {
    if (opened !== undefined) return opened;
    const redis = findFirstRedis(environment);
    if (redis === undefined) throw new CommandFault(`REDIS_URL: Missing: expected ${expected}`);
    opened = open(redis);
    return opened;
  }
  return {
    readAll: async () => store().readAll(),
    replace: async (...entry) => store().replace(...entry),
    [Symbol.asyncDispose]: async () => opened?.[Symbol.asyncDispose](),
  };
}
