import { Agent, request } from 'node:http';
import { summarize, type LoadAnswer, type LoadSummary } from './load-summary.ts';

export type SteadyLoadOptions = {
  /** URL of the router's public listener. */
  url: string;
  ratePerSecond: number;
  /** The load ends by itself after this time, which also bounds the number of answers it keeps in memory. */
  maxSeconds: number;
  /** Headers and body of the calls, used in rotation. Default: one caller without headers and with an empty body (`{}`). */
  callers?: readonly { headers?: Readonly<Record<string, string>>; body?: unknown }[];
  /** Number of idle connections kept open. More are opened when all of them wait for an answer. Default: 32. */
  keptConnections?: number;
  /** A call without an answer fails after this time, ms. Default: 10 000. */
  timeoutMs?: number;
  /** Called with each answer at once. */
  onAnswer?: (answer: LoadAnswer) => void;
};

export interface SteadyLoad extends AsyncDisposable {
  /** Returns every answer so far, in the order of arrival. */
  answers(): readonly LoadAnswer[];
  /** Summarizes the ended calls that were due in [fromMs, toMs), ms of `performance.now()`. */
  window(fromMs: number, toMs: number): LoadSummary;
  /** Sends no further calls, and waits for the open ones. */
  stop(): Promise<void>;
}

/** Kept connections that are unused for this long are closed, before the server closes them, ms. */
const idleMs = 2_000;

/** Interval between two checks for calls that are due, ms. */
const tickMs = 5;

/**
 * Calls `POST /v1/ice-servers` at a constant rate that does not depend on the answers (an open loop), so that a stalled server still gets
 * the calls of that time. Latency starts when a call is due, and therefore includes delays of this process.
 */
export function startSteadyLoad(options: SteadyLoadOptions): SteadyLoad {
  const { ratePerSecond, maxSeconds, callers = [{}], keptConnections = 32, timeoutMs = 10_000, onAnswer } = options;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: keptConnections, scheduling: 'lifo', timeout: idleMs });
  const target = new URL('/v1/ice-servers', options.url);
  const answers: LoadAnswer[] = [];
  const underWay = new Set<Promise<void>>();
  const total = Math.ceil(ratePerSecond * maxSeconds);
  const startedAtMs = performance.now();
  let sent = 0;

  function call(dueAtMs: number, { headers = {}, body = {} }: NonNullable<SteadyLoadOptions['callers']>[number]) {
    const text = JSON.stringify(body);
    const length = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const settings = { method: 'POST', agent, headers: { ...length, ...headers }, timeout: timeoutMs };
    return new Promise<void>((resolve) => {
      let redials = 0;
      const end = (outcome: Pick<LoadAnswer, 'status' | keyof AnswerContent>) => {
        const endedAtMs = performance.now();
        const answer = { dueAtMs, endedAtMs, latencyMs: endedAtMs - dueAtMs, redials, ...outcome };
        answers.push(answer);
        onAnswer?.(answer);
        resolve();
      };
      const send = () => {
        const sending = request(target, settings, (answer) => {
          let received = '';
          answer.setEncoding('utf8').on('data', (piece: string) => (received += piece));
          answer.once('error', () => end({ status: 0, code: 'cut_off' }));
          answer.once('end', () => end({ status: answer.statusCode ?? 0, ...contentOf(received) }));
        });
        sending.once('timeout', () => sending.destroy(Object.assign(new Error('no answer'), { code: 'TIMEOUT' })));
        sending.once('error', (error: NodeJS.ErrnoException) => {
          // The server closed a kept connection while the call was on its way: https://nodejs.org/api/http.html#requestreusedsocket
          const shouldResend = error.code === 'ECONNRESET' && sending.reusedSocket && redials === 0;
          if (!shouldResend) return end({ status: 0, code: error.code ?? error.message });
          redials += 1;
          send();
        });
        sending.end(text);
      };
      send();
    });
  }

  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - startedAtMs) * ratePerSecond) / 1000) + 1);
    for (; sent < due; sent += 1) {
      const calling = call(startedAtMs + (sent * 1000) / ratePerSecond, callers[sent % callers.length] ?? {});
      underWay.add(calling);
      void calling.then(() => underWay.delete(calling));
    }
    if (sent === total) clearInterval(timer);
  }, tickMs);
  const stop = async () => {
    clearInterval(timer);
    await Promise.all(underWay);
    agent.destroy();
  };

  return {
    answers: () => answers,
    window: (fromMs, toMs) => summarize(answers.filter(({ dueAtMs }) => dueAtMs >= fromMs && dueAtMs < toMs)),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type AnswerContent = Pick<LoadAnswer, 'code' | 'region' | 'nodes' | 'spilledFrom'>;

/** Reads the fields to keep from the body of an answer, either relays or a problem. */
function contentOf(text: string): AnswerContent {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- read for tests, which compare what they find
    const { code, region, nodes, spilledFrom } = JSON.parse(text) as AnswerContent;
    return {
      ...(code === undefined ? {} : { code }),
      ...(region === undefined ? {} : { region }),
      ...(nodes === undefined ? {} : { nodes }),
      ...(spilledFrom === undefined ? {} : { spilledFrom }),
    };
  } catch {
    return { code: 'no_json' };
  }
}
