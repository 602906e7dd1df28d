// Profiles the main thread under load, to show where the time of a request goes.
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@turn-router/testing';
import { load } from './load.mjs';
import { mainThread, processorUsByThread } from './processor-time.mjs';

/** The profiler starts within this time after the signal, ms. */
const beginMs = 500;

/**
 * @typedef {{callFrame: {functionName: string, url: string, lineNumber: number}, hitCount?: number, id: number, children?: number[]}} ProfileNode
 * @typedef {{name: string, place: string, owner: string, selfUs: number}} Entry `selfUs`: µs per request in the function itself, without the functions that it calls
 * @typedef {{threads: ReadonlyMap<string, number>, entries: readonly Entry[], profile: string}} AnswerProfile `threads`: µs per request by thread name
 */

/**
 * @param {import('./load.mjs').Target} target loaded with `profile-watch.mjs`
 * @param {{profileFile: string, warmUpAnswers: number, rounds: number}} options
 * @returns {Promise<AnswerProfile>}
 */
export async function profileAnswers(target, { profileFile, warmUpAnswers, rounds }) {
  let warmUp = 0;
  while (warmUp < warmUpAnswers) warmUp += (await load(target, 1)).answers;
  await rm(profileFile, { force: true });
  target.signal('SIGUSR2');
  await delay(beginMs);
  let answers = 0;
  const before = await processorUsByThread(target.pid);
  for (let round = 0; round < rounds; round += 1) answers += (await load(target, 1)).answers;
  const after = await processorUsByThread(target.pid);
  const threads = new Map([...after].map(([name, us]) => [name, (us - (before.get(name) ?? 0)) / answers]));
  target.signal('SIGUSR2');
  const profile = await eventually('the server to write its profile', () => readFile(profileFile, 'utf8'), {
    timeoutMs: 30_000,
  });
  return { threads, entries: entriesOf(JSON.parse(profile).nodes, threads.get(mainThread) ?? Number.NaN), profile };
}

/**
 * Each sample stands for an equal part of the thread's processor time. The time since the last sample is not used, because it also passes while another
 * process uses the core.
 *
 * @param {readonly ProfileNode[]} nodes
 * @param {number} mainThreadUs µs per request
 * @returns {Entry[]} the longest first
 */
function entriesOf(nodes, mainThreadUs) {
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.callFrame])));
  const working = nodes.filter(({ callFrame, hitCount = 0 }) => hitCount > 0 && callFrame.functionName !== '(idle)');
  const hits = working.reduce((sum, { hitCount = 0 }) => sum + hitCount, 0);
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  for (const { id, callFrame, hitCount = 0 } of working) {
    const described = describe(callFrame, callers.get(id));
    const key = `${described.name} ${described.place}`;
    const selfUs = (entries.get(key)?.selfUs ?? 0) + (hitCount / hits) * mainThreadUs;
    entries.set(key, { ...described, selfUs });
  }
  return [...entries.values()].toSorted((a, b) => b.selfUs - a.selfUs);
}

/** Native functions are distinguished by their caller. @param {ProfileNode['callFrame']} frame @param {ProfileNode['callFrame']} [caller] */
function describe({ functionName, url, lineNumber }, caller) {
  if (functionName.startsWith('(') && url === '') return { name: functionName, place: '', owner: 'V8' };
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return { name, place: `native, by ${caller?.functionName}`, owner: 'native functions' };
  const { owner, path } = placeOf(url);
  return { name, place: `${path}:${lineNumber + 1}`, owner };
}

/** @param {string} url of a script */
function placeOf(url) {
  if (url.startsWith('node:')) return { owner: 'node', path: url };
  const [, dependency, rest] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)/.exec(url) ?? [];
  if (dependency !== undefined) return { owner: dependency, path: `${dependency}/${rest}` };
  const [, owner, file] = /.*\/((?:apps|packages)\/[^/]+)\/(.*)/.exec(url) ?? [];
  return owner === undefined ? { owner: 'others', path: url } : { owner, path: `${owner}/${file}` };
}
