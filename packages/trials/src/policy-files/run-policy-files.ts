import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  eventually,
  seededRandom,
  startParts,
  startRouter,
  startSteadyLoad,
  temporaryDirectory,
  type RouterProcess,
} from '@turn-router/testing';
import { damageFile } from './damage-file.ts';
import { hostileFiles, putWhole } from './hostile-files.ts';

export type PolicyFilesOptions = {
  /** Which files the router must refuse. */
  readonly files: 'few' | 'all';
  /** Number of random cuts and rewrites. */
  readonly damages: number;
  /** The longest permitted pause of the event loop, ms. Undefined: pauses are measured, but not judged. */
  readonly lagMaxMs: number | undefined;
  readonly seed: number;
  readonly onProgress: (line: string) => void;
};

export type PolicyFilesResult = {
  /** Everything that must not happen. */
  readonly faults: readonly string[];
  readonly answers: number;
  readonly lagMs: number;
};

/** Calls per minute of one address that the policies permit. */
const perMinute = 5;

const ratePerSecond = 20;

/** Only the region us-east-1 has a relay, and residency forbids it to callers from London. So they must always get 503. */
const policyOf = (note: string) => `## ${note}
defaultRegion: us-east-1
regions:
  us-east-1: {location: [38.95, -77.45], staticNodes: [{id: node-01, publicIp: 192.0.2.9}]}
  eu-central-1: {location: [50.11, 8.68], spillover: [us-east-1]}
residency:
  - countries: [GB]
    regions: [eu-central-1]
    stayIn: [eu-central-1]
limits:
  perAddressPerMinute: ${perMinute}
`;
const policies = [policyOf('one'), policyOf('another, which is longer'), policyOf('one more')];
const [firstPolicy = ''] = policies;

/** Callers from London have many addresses, so that no limit applies to them. */
const callers = Array.from({ length: 200 }, (_, index) => [`81.2.69.${index}`, '8.8.8.8'])
  .flat()
  .map((address) => ({ headers: { 'x-forwarded-for': address } }));

/** Gives a running router damaged and hostile policy files under load. Limits and residency must hold at every moment. */
export async function runPolicyFiles({
  files,
  damages,
  lagMaxMs,
  seed,
  onProgress,
}: PolicyFilesOptions): Promise<PolicyFilesResult> {
  const random = seededRandom(seed);
  const parts = await startParts(async (add) => {
    const directory = add(await temporaryDirectory('policy-files'));
    const path = join(directory.path, 'policy.yaml');
    await putWhole(path, firstPolicy);
    const router = add(
      await startRouter({
        policyFile: path,
        turnSecrets: 'first=not-a-secret-of-anybody',
        reporterToken: 'not-a-token-of-anybody',
        environment: { TRUSTED_PROXIES: '127.0.0.1/32', LOG_LEVEL: 'info', STATE_DIR: join(directory.path, 'state') },
      }),
    );
    return { path, router };
  });
  await using _parts = parts;
  const { path, router } = parts;
  const faults: string[] = [];
  const startedAtMs = performance.now();
  await using load = startSteadyLoad({ url: router.url, ratePerSecond, maxSeconds: 24 * 3_600, callers });

  let lagMs = 0;
  for (const { name, write } of hostileFiles(firstPolicy, files)) {
    await readLagMs(router);
    const refusals = countEvents(router, 'policy.refused');
    await write(path);
    await eventually(`the refusal of ${name}`, () => countEvents(router, 'policy.refused') > refusals, {
      timeoutMs: 120_000,
    });
    const lag = await readLagMs(router);
    lagMs = Math.max(lagMs, lag);
    onProgress(`${name}: refused, longest pause of the event loop ${lag.toFixed(0)} ms`);
    if (lagMaxMs !== undefined && lag > lagMaxMs) faults.push(`${name}: pause of ${lag.toFixed(0)} ms`);
    await untilApplied(path, router);
  }
  const longest = Math.max(
    ...router
      .output()
      .split('\n')
      .map((line) => line.length),
  );
  if (longest > 50_000) faults.push(`a log line of ${longest} characters`);

  for (let damage = 1; damage <= damages; damage += 1) {
    const what = await damageFile(path, policies, random);
    // Most files change again soon. Some stand still long enough to be read.
    await delay(random() < 0.9 ? random() * 60 : 1_200);
    const lapses = lapsesOf(load.answers(), startedAtMs);
    if (lapses !== undefined) {
      faults.push(`damage ${damage} (${what}): ${lapses}`);
      break;
    }
    if (damage % 500 === 0) onProgress(`${damage} cuts and rewrites: limits and residency hold`);
  }
  await untilApplied(path, router);
  await load.stop();
  const unanswered = load.answers().filter(({ status }) => status === 0).length;
  if (unanswered > 0) faults.push(`${unanswered} calls without an answer`);
  const lapses = lapsesOf(load.answers(), startedAtMs);
  if (lapses !== undefined) faults.push(lapses);
  return { faults, answers: load.answers().length, lagMs };
}

/** The caller of one address may get relays a few times a minute. Everybody else must get 503. */
function lapsesOf(answers: readonly { readonly status: number }[], startedAtMs: number): string | undefined {
  const minutes = Math.ceil((performance.now() - startedAtMs) / 60_000);
  const issued = answers.filter(({ status }) => status === 200).length;
  const permitted = perMinute * (minutes + 1);
  return issued > permitted ? `${issued} answers with relays: expected at most ${permitted}` : undefined;
}

function countEvents(router: RouterProcess, event: string): number {
  return router.output().split(`"event":"${event}"`).length - 1;
}

async function untilApplied(path: string, router: RouterProcess): Promise<void> {
  await putWhole(path, `${firstPolicy}## ${performance.now()}\n`);
  await eventually('the valid policy to be in force', async () =>
    /^turn_router_policy_last_reload_successful 1$/m.test(await metricsOf(router)),
  );
}

/** Returns the longest pause of the event loop since the last call, ms. */
async function readLagMs(router: RouterProcess): Promise<number> {
  const found = /^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(await metricsOf(router));
  return Number(found?.[1]) * 1000;
}

async function metricsOf({ adminUrl }: RouterProcess): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text();
}
