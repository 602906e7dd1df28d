import { Agent, request } from 'node:http';
import { summarize, type LoadAnswer, type LoadSummary } from './load-summary.ts';

export type SteadyLoadOptions = {
  /** Of the router's public listener. */
  url: string;
  ratePerSecond: number;
  /** The load ends by itself after this time; what it remembers is bounded by it. */
  maxSeconds: number;
  /** Sent in turn; default one without headers and without wishes. */
  callers?: readonly { headers?: Readonly<Record<string, string>>; body?: unknown }[];
  /** Connections kept alive; more are opened when all of them wait for an answer. Default 32. */
  keptConnections?: number;
  /** An answer that takes longer counts as none, ms. Default 10 000. */
  timeoutMs?: number;
};

export interface SteadyLoad extends AsyncDisposable {
  /** Every answer so far, in the order of arrival. */
  answers(): readonly LoadAnswer[];
  /** What became of the requests that were due in [fromMs, toMs), ms of `performance.now()`, as far as they have ended. */
  window(fromMs: number, toMs: number): LoadSummary;
  /** Sends no more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** Kept connections that are not used for this long are closed, before the server does so, ms. */
const idleMs = 2_000;

/** How often the requests that are due are sent, ms. */
const tickMs = 5;

/**
 * Calls `POST /v1/ice-servers` at a constant rate whatever becomes of the calls (an open loop), so that a server that stalls is not spared
 * the calls that come meanwhile. Latencies count from when a call was due, hence hold this process's own delays too.
 */
export function startSteadyLoad(options: SteadyLoadOptions): SteadyLoad {
  const { ratePerSecond, maxSeconds, callers = [{}], keptConnections = 32, timeoutMs = 10_000 } = options;
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
      const end = (outcome: Pick<LoadAnswer, 'status' | 'code' | 'region' | 'nodes'>) => {
        const endedAtMs = performance.now();
        answers.push({ dueAtMs, endedAtMs, latencyMs: endedAtMs - dueAtMs, redials, ...outcome });
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
          const isToBeSentAgain = error.code === 'ECONNRESET' && sending.reusedSocket && redials === 0;
          if (!isToBeSentAgain) return end({ status: 0, code: error.code ?? error.message });
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

/** What of an answer's body is remembered, be it relays or a problem. */
function contentOf(text: string): Pick<LoadAnswer, 'code' | 'region' | 'nodes'> {
  try {
    // eslint-disable-next-line typescript/no-unsafe-type-assertion -- read for tests, which compare what they find
    const { code, region, nodes } = JSON.parse(text) as Pick<LoadAnswer, 'code' | 'region' | 'nodes'>;
    return {
      ...(code === undefined ? {} : { code }),
      ...(region === undefined ? {} : { region }),
      ...(nodes === undefined ? {} : { nodes }),
    };
  } catch {
    return { code: 'no_json' };
  }
}
