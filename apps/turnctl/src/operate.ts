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

/** The text of each refusal. It follows the name of the key or subject. */
const refusalTexts: Readonly<Record<Exclude<OperationErrorCode, 'invalid'>, (name: string) => string>> = {
  exists: () => 'a key with this id already exists: rotate or revoke that key, or choose another id',
  not_found: () => 'no key has this id: "turnctl keys list" shows all ids',
  not_a_key: () => 'the stored record is not a valid key: delete it with "turnctl keys revoke"',
  two_secrets: (id) => `the key has two secrets: revoke the older one first ("turnctl keys revoke ${id} --older")`,
  one_secret: () => 'the key has only one secret: to delete the key, use "turnctl keys revoke" without --older',
  not_revoked: () => 'no revocation exists for this subject: "turnctl revoke list" shows all subjects',
  keys_lost: () =>
    'all API keys are gone from this Redis, but it had some before. Restore them first with "turnctl keys import FILE": FILE is api-keys.json in a router’s STATE_DIR, or a backup by "turnctl keys list -o json". To begin without them, use "turnctl keys create --first": then routers refuse every key that is not in Redis',
  revocations_lost: () =>
    'all revocations are gone from this Redis, but it had some before. Restore them first with "turnctl revoke import FILE": FILE is revocations.json in a router’s STATE_DIR, or a backup by "turnctl revoke list -o json". To begin without them, revoke with --first: then routers admit every caller whose revocation is not in Redis',
  conflict: () => 'another change came first: check the current state and try again',
};

export type OperateOptions = {
  readonly environment: Environment;
  readonly terminal: Terminal;
  /** The key id, the subject or the file, as the operator typed it. Used in messages. */
  readonly name?: string;
};

/**
 * Runs use cases with the Redis of REDIS_URL. Then writes their audit entries.
 *
 * @throws CommandFault if REDIS_URL is not set, Redis fails, or a use case refuses the request
 */
export async function operate<Result>(
  { environment, terminal, name = '' }: OperateOptions,
  work: (parts: OperationParts, actor: string) => Promise<Result>,
): Promise<Result> {
  await using trail = openTrail(environment, terminal);
  await using keys = openOnFirstUse(
    createRedisApiKeys,
    'the URL of the Redis that contains the API keys; to change keys in an API_KEYS_FILE, edit the file',
    environment,
  );
  await using revocations = openOnFirstUse(
    createRedisRevocations,
    'the URL of the Redis that contains the revocations of the routers',
    environment,
  );
  const { unixMs: nowMs, randomBytes } = terminal;
  try {
    return await work({ keys, revocations, trail, nowMs, randomBytes }, actorOf(terminal));
  } catch (error) {
    if (error instanceof RegistryError) throw new CommandFault(error.message);
    throw error instanceof OperationError ? new CommandFault(refusalText(error, name)) : error;
  }
}

function refusalText({ code, faults }: OperationError, name: string): string {
  if (code === 'invalid') return faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n');
  return `${JSON.stringify(name)}: ${refusalTexts[code](name)}`;
}

/** Returns a store that connects to Redis when it is first used, because a command may need only one of the stores. */
function openOnFirstUse(
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
    replaceAll: async (entries) => store().replaceAll(entries),
    findLoss: async () => store().findLoss(),
    mayReportHeld: async () => store().mayReportHeld(),
    reportHeld: async (entries) => store().reportHeld(entries),
    [Symbol.asyncDispose]: async () => opened?.[Symbol.asyncDispose](),
  };
}
