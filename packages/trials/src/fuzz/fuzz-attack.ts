import { Agent } from 'node:http';
import { curlLine } from './curl-line.ts';
import { drawn } from './drawn.ts';
import { fuzzedRequest, type FuzzKnowledge } from './fuzzed-request.ts';
import { hostileBytes } from './hostile-bytes.ts';
import { createJudgeAnswer } from './judge-answer.ts';
import { readApi } from './open-api.ts';
import { findFaultOfBytes } from './send-bytes.ts';
import { sendRequest } from './send-request.ts';
import { abortUpload } from './slow-clients.ts';

/** What the fuzzer sends per second. On a machine with two cores, these rates leave one core to the router. */
export const fuzzRates = { requestsPerSecond: 100, connectionsPerSecond: 15, abortedUploadsPerSecond: 5 } as const;

export interface FuzzAttack extends AsyncDisposable {
  readonly report: () => FuzzReport;
}

export type FuzzReport = {
  readonly operations: readonly string[];
  /** Number of answers by operation (or `other`) and by status. */
  readonly answers: Readonly<Record<string, Readonly<Record<number, number>>>>;
  readonly connections: number;
  /** Each fault, with the seed and the request that reproduce it. */
  readonly faults: readonly string[];
};

/** Every tenth request goes to the admin listener. */
const adminEvery = 10;

/** The report contains the first fault of each kind, up to this number of kinds. */
const faultsMax = 30;
/** Faults of one operation are of the same kind if their first characters, up to this number, are equal. */
const kindLength = 30;

/** Interval between two checks for requests that are due, ms. It is short, so that requests are sent singly rather than in bursts. */
const tickMs = 10;

/** Sends fuzzed requests and hostile bytes to both listeners at a constant rate until it is disposed of. */
export async function startFuzzAttack(
  { url, adminUrl }: { url: string; adminUrl: string },
  knowledge: FuzzKnowledge,
  seed: number,
): Promise<FuzzAttack> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, timeout: 2_000 });
  const apis = await Promise.all([url, adminUrl].map(readApi));
  const targets = apis.map((api) => ({
    api,
    judge: createJudgeAnswer(api),
    requests: drawn(fuzzedRequest(api, knowledge), seed),
  }));
  const bytes = drawn(hostileBytes, seed);
  const ports = [url, adminUrl].map((each) => Number(new URL(each).port));
  const answers: Record<string, Record<number, number>> = {};
  const faults: string[] = [];
  let requests = 0;
  let connections = 0;
  const kinds = new Set<string>();
  const addFault = (kind: string, fault: string) => {
    if (kinds.has(kind) || kinds.size >= faultsMax) return;
    kinds.add(kind);
    faults.push(`seed ${seed}: ${fault}`);
  };

  async function sendOneRequest(): Promise<void> {
    requests += 1;
    const number = requests;
    const target = targets[number % adminEvery === 0 ? 1 : 0];
    const sent = target?.requests.next().value;
    if (target === undefined || sent === undefined) return;
    const answer = await sendRequest(target.api.url, agent, sent);
    const name = sent.operation === undefined ? 'other' : `${sent.operation.method} ${sent.operation.path}`;
    const byStatus = (answers[name] ??= {});
    byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
    const fault = target.judge(sent, answer);
    if (fault !== undefined) {
      addFault(
        `${name} ${fault.slice(0, kindLength)}`,
        `request ${number}: ${fault}\n  ${curlLine(target.api.url, sent)}`,
      );
    }
  }
  async function sendHostileBytes(): Promise<void> {
    connections += 1;
    const number = connections;
    const hostile = bytes.next().value;
    if (hostile === undefined) return;
    const fault = await findFaultOfBytes(ports[number % adminEvery === 0 ? 1 : 0] ?? 0, hostile);
    if (fault !== undefined) {
      addFault(
        hostile.name,
        `bytes ${number}, ${hostile.name}: ${fault}\n  ${hostile.bytes.subarray(0, 500).toString('base64')}`,
      );
    }
  }

  const loops = [
    atRate(fuzzRates.requestsPerSecond, sendOneRequest),
    atRate(fuzzRates.connectionsPerSecond, sendHostileBytes),
    atRate(fuzzRates.abortedUploadsPerSecond, () => abortUpload(ports[0] ?? 0)),
  ];
  return {
    report: () => ({
      operations: apis.flatMap(({ operations }) => operations.map(({ method, path }) => `${method} ${path}`)),
      answers,
      connections,
      faults,
    }),
    async [Symbol.asyncDispose]() {
      await Promise.all(loops.map((stop) => stop()));
      agent.destroy();
    },
  };
}

/**
 * Starts `work` at a constant rate. Starts nothing while the work of half a second is still open.
 *
 * @returns a function that stops it and waits for the open work
 */
function atRate(perSecond: number, work: () => Promise<void>): () => Promise<unknown> {
  const underWay = new Set<Promise<void>>();
  let allowance = 0;
  const timer = setInterval(() => {
    allowance = Math.min(allowance + (perSecond * tickMs) / 1000, perSecond / 2);
    for (; allowance >= 1 && underWay.size < perSecond / 2; allowance -= 1) {
      const working = work();
      underWay.add(working);
      void working.then(() => underWay.delete(working));
    }
  }, tickMs);
  return () => {
    clearInterval(timer);
    return Promise.all(underWay);
  };
}
