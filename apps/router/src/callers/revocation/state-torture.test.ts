import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { byForm, createManualClock, seededRandom, startRedis, type RedisServer } from '@turn-router/testing';
import { createLogger } from '../../observe/logger.ts';
import { createMetrics } from '../../observe/metrics.ts';
import { ProblemError } from '../../problem-error.ts';
import { identifyCaller } from '../auth/identify-caller.ts';
import { followRevocations, type Revocations } from './follow-revocations.ts';
import { asRootIfRoot, isRoot, mountSmallDisk, type Dice, type SmallDisk } from './small-disk.fixture.ts';

const record = '{"at_ms":1,"turn_users":[]}';
const subjects = ['alice', 'bob', 'carol'].map((name) => `user:${name}`);

let redis: RedisServer;
let disk: SmallDisk;
beforeAll(async () => {
  redis = await startRedis();
  disk = await mountSmallDisk();
});
afterAll(async () => {
  await disk[Symbol.asyncDispose]();
  await redis.stop();
});

type Router = Revocations & { readonly events: string[]; readonly clock: { advance: (ms: number) => void } };

async function open(redisUrl?: string): Promise<Router> {
  const events: string[] = [];
  const clock = createManualClock(1_000);
  const followed = await followRevocations(
    { redisUrls: redisUrl, stateDir: disk.state, writesState: true },
    {
      nowMs: clock.now,
      monotonicNowMs: clock.now,
      random: () => 0,
      logger: createLogger('info', { write: (line) => void events.push(JSON.parse(line).event) }),
      metrics: createMetrics(),
      opaqueUserId: (subject) => subject,
    },
  );
  return { ...followed, events, clock };
}

/** Ends a router without its last write: the state directory stays as it is at this moment. */
async function kill(router: Router): Promise<void> {
  const { state } = disk;
  const aside = `${state}-killed`;
  const isThere = await rename(state, aside).then(
    () => true,
    () => false,
  );
  await router[Symbol.asyncDispose]();
  await rm(state, { recursive: true, force: true });
  if (isThere) await rename(aside, state);
}

/** Whether the caller is let in. */
function isLetIn(router: Router, subject: string): boolean {
  const userId = subject.slice('user:'.length);
  try {
    return !router.isRevoked(identifyCaller({ kind: 'jwt', userId, scope: {} }, undefined));
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'revocations_unknown') return false;
    throw error;
  }
}

/** Sets one subject. @returns whether the change is on disk */
async function set(router: Router, subject: string, isRevoked: boolean): Promise<boolean> {
  const before = (await router.store.readAll())?.get(subject);
  await router.store.replace(subject, before, isRevoked ? record : undefined);
  await router.refresh();
  return router.durability() !== 'pending';
}

/** What the operator knows: the subjects that are revoked, and those whose lift is on disk. */
type Model = { readonly revoked: Set<string>; readonly lifted: Set<string> };

function check(router: Router, { revoked, lifted }: Model): void {
  expect([...revoked].filter((subject) => isLetIn(router, subject))).toEqual([]);
  if (router.isComplete()) expect([...lifted].filter((subject) => !isLetIn(router, subject))).toEqual([]);
  else expect(router.events).toContain('revocations.incomplete');
}

/** The operator accepts that the list is incomplete, as docs/revocation.md describes. */
async function accept(router: Router, model: Model): Promise<void> {
  const { state } = disk;
  await disk.free();
  for (const name of await readdir(state)) {
    if (name.startsWith('revocations.json')) {
      await asRootIfRoot(() => rm(join(state, name), { recursive: true, force: true }));
    }
  }
  router.clock.advance(60_000);
  // The files have to stand still between two looks. Another running router may write them once more.
  for (let look = 0; look < 10 && !router.isComplete(); look += 1) {
    await router.refresh();
    // A change that waited for the disk is now on disk, with a marker. The operator removes this marker, too.
    for (const name of await readdir(state)) if (name.includes('.unsaved-')) await rm(join(state, name));
  }
  expect(router.isComplete()).toBe(true);
  const stored = await router.store.readAll();
  for (const subject of model.revoked) if (!stored?.has(subject)) model.revoked.delete(subject);
}

async function change(router: Router, model: Model, dice: Dice): Promise<void> {
  const subject = subjects[dice(subjects.length)] ?? '';
  const isRevoked = dice(3) > 0;
  const isDurable = await set(router, subject, isRevoked);
  model.lifted.delete(subject);
  if (isRevoked) model.revoked.add(subject);
  else {
    model.revoked.delete(subject);
    if (isDurable) model.lifted.add(subject);
  }
  expect([isRevoked, isLetIn(router, subject)]).not.toEqual([true, true]);
}

/** Another router uses the same directory for a moment. */
async function changeByOther({ router, model, dice, redisUrl }: Situation): Promise<void> {
  if (router.durability() === 'pending' || !router.isComplete()) return;
  await using other = await open(redisUrl);
  check(other, model);
  await change(other, model, dice);
  if (other.durability() === 'pending') {
    // The first router does not know the revocation, but it knows that one is missing. So does the router that starts next.
    await router.refresh();
    check(router, model);
    await kill(other);
    await using next = await open(redisUrl);
    check(next, model);
    // While a running router has unsaved changes, its marker keeps the list incomplete.
    await disk.free();
    router.clock.advance(60_000);
    await router.refresh();
    await accept(next, model);
  }
  await router.refresh();
}

type Situation = {
  router: Router;
  readonly model: Model;
  readonly dice: Dice;
  /** Undefined: the revocations are in the router. */
  readonly redisUrl: string | undefined;
  isRedisAway: boolean;
};

/** Starts the next router. If there is Redis, it is away at every second start. */
async function restart(situation: Situation): Promise<void> {
  const { redisUrl, dice } = situation;
  situation.isRedisAway = redisUrl !== undefined && dice(2) === 0;
  situation.router = await open(situation.isRedisAway ? 'redis://127.0.0.1:1' : redisUrl);
}

const steps: readonly (readonly [name: string, step: (situation: Situation) => Promise<unknown>])[] = [
  ['change', ({ router, model, dice }) => change(router, model, dice)],
  ['change', ({ router, model, dice }) => change(router, model, dice)],
  ['change by another router', changeByOther],
  ['damage', ({ dice }) => disk.damage(dice)],
  [
    'retry',
    ({ router }) => {
      router.clock.advance(60_000);
      return router.refresh();
    },
  ],
  [
    'kill and start',
    async (situation) => {
      await kill(situation.router);
      await restart(situation);
    },
  ],
  [
    'kill, damage and start',
    async (situation) => {
      await kill(situation.router);
      await disk.damage(situation.dice);
      await restart(situation);
    },
  ],
  ...(isRoot
    ? [
        ['fill the disk', () => disk.fill()] as const,
        ['fill the disk', () => disk.fill()] as const,
        ['free the disk', () => disk.free()] as const,
      ]
    : []),
];
/** What Redis has to be there for. */
const changes = new Set(['change', 'change by another router']);

/** Makes the list complete again: Redis comes back, or the operator accepts the list. */
async function recover(situation: Situation): Promise<void> {
  if (situation.redisUrl === undefined) return accept(situation.router, situation.model);
  await kill(situation.router);
  situation.isRedisAway = false;
  situation.router = await open(situation.redisUrl);
  expect(situation.router.isComplete()).toBe(true);
  check(situation.router, situation.model);
}

async function runSequence(seed: number, redisUrl: string | undefined): Promise<void> {
  const random = seededRandom(seed);
  const dice: Dice = (below) => Math.floor(random() * below);
  await disk.empty();
  const model: Model = { revoked: new Set(), lifted: new Set() };
  const situation: Situation = { router: await open(redisUrl), model, dice, redisUrl, isRedisAway: false };
  const taken: string[] = [];
  try {
    for (let count = 0; count < 10; count += 1) {
      const [name, step] = steps[dice(steps.length)] ?? ['nothing', () => Promise.resolve()];
      if (situation.isRedisAway && changes.has(name)) continue;
      taken.push(name);
      await step(situation);
      // A lift that Redis has may not be on disk when Redis is away.
      if (redisUrl !== undefined) model.lifted.clear();
      check(situation.router, model);
      // Redis has the hash as soon as a subject was revoked.
      const isRecoverable = redisUrl === undefined || model.revoked.size > 0;
      if (!situation.router.isComplete() && isRecoverable && dice(2) === 0) await recover(situation);
    }
  } catch (cause) {
    throw new Error(`sequence ${seed}: ${taken.join(', ')}: ${String(cause)}`, { cause });
  } finally {
    await disk.free();
    await situation.router[Symbol.asyncDispose]();
  }
}

test.each([
  ['without Redis', 1, byForm({ short: 60, full: 300 })],
  ['with Redis, which is away at some starts', 301, byForm({ short: 340, full: 500 })],
])(
  'no revoked caller is let in, and no change is lost silently, in sequences of faults, restarts, revocations and lifts: %s',
  async (name, first, last) => {
    for (let seed = first; seed <= last; seed += 1) {
      await redis.cli('FLUSHALL');
      await expect(runSequence(seed, name === 'without Redis' ? undefined : redis.url)).resolves.toBeUndefined();
    }
  },
  300_000,
);
