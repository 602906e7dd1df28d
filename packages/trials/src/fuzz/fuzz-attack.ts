import { Agent } from 'node:http';
import fc from 'fast-check';
import { curlLine } from './curl-line.ts';
import { fuzzedRequest, type FuzzKnowledge } from './fuzzed-request.ts';
import { hostileBytes } from './hostile-bytes.ts';
import { createJudgeAnswer } from './judge-answer.ts';
import { readApi } from './open-api.ts';
import { findFaultOfBytes } from './send-bytes.ts';
import { sendRequest } from './send-request.ts';
import { abortUpload } from './slow-clients.ts';

/** What is sent in a second: bounded, so that of two cores one is left for the router. */
export const fuzzRates = { requestsPerSecond: 100, connectionsPerSecond: 15, abortedUploadsPerSecond: 5 } as const;

export interface FuzzAttack extends AsyncDisposable {
  readonly report: () => FuzzReport;
}

export type FuzzReport = {
  readonly operations: readonly string[];
  /** Answers by operation or `other`, and status. */
  readonly answers: Readonly<Record<string, Readonly<Record<number, number>>>>;
  readonly connections: number;
  /** With what it takes to see them again. */
  readonly faults: readonly string[];
};

/** Every tenth request goes to the admin listener. */
const adminEvery = 10;

/** Drawn at once, by one seed: what is drawn does not depend on how fast it is sent. */
const batchSize = 50;

/** More say no more; of each kind the first is shown. Faults that begin alike are of one kind. */
const faultsMax = 30;
const kindLength = 30;

/** Short, so that requests come one by one rather than in bursts. */
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
  const known = new Set<string>();
  const take = (kind: string, fault: string) => {
    if (known.has(kind) || known.size >= faultsMax) return;
    known.add(kind);
    faults.push(`seed ${seed}: ${fault}`);
  };

  async function askOnce(): Promise<void> {
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
      take(`${name} ${fault.slice(0, kindLength)}`, `request ${number}: ${fault}\n  ${curlLine(target.api.url, sent)}`);
    }
  }
  async function connectOnce(): Promise<void> {
    connections += 1;
    const number = connections;
    const hostile = bytes.next().value;
    if (hostile === undefined) return;
    const fault = await findFaultOfBytes(ports[number % adminEvery === 0 ? 1 : 0] ?? 0, hostile);
    if (fault !== undefined) {
      take(
        hostile.name,
        `bytes ${number}, ${hostile.name}: ${fault}\n  ${hostile.bytes.subarray(0, 500).toString('base64')}`,
      );
    }
  }

  const loops = [
    atRate(fuzzRates.requestsPerSecond, askOnce),
    atRate(fuzzRates.connectionsPerSecond, connectOnce),
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

function* drawn<Value>(arbitrary: fc.Arbitrary<Value>, seed: number): Generator<Value, undefined> {
  for (let batch = 0; ; batch += 1) yield* fc.sample(arbitrary, { seed: seed + batch, numRuns: batchSize });
}

/** Begins so many a second, but none while those of half a second are not done. Returns how to stop: waits for what is under way. */
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
