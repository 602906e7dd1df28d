import { connect, type Socket } from 'node:net';
import { eventually } from '../fixtures/eventually.ts';

export type ScriptedReportersOptions = {
  redisPort: number;
  /** Each node reports its `report` under its name `<region>/<id>`. */
  nodes: readonly { name: string; report: Readonly<Record<string, unknown>> }[];
  intervalMs: number;
  ttlMs: number;
  /**
   * Whether the bandwidth of a node changes a little from one report to the next, as with real nodes. The router treats nodes that get calls
   * but repeat the same figures as implausible.
   */
  varyBandwidth?: boolean | undefined;
};

export interface ScriptedReporters extends AsyncDisposable {
  /** Stops the reports of these nodes, as if their reporters had been killed. */
  silence(names: readonly string[]): void;
  /** Resumes the reports of these nodes immediately. */
  revive(names: readonly string[]): void;
}

/** Interval between two checks for reports that are due, ms. */
const tickMs = 20;

/** A connection is replaced if Redis has not answered a command on it for this long, ms. */
const answerTimeoutMs = 2_000;

/**
 * Starts simulated health-reporters, whose reports exist only in Redis. Each node writes its report once per interval with `SET … PX`; the
 * nodes are spread over the interval. All share one TCP connection without a client library, which is dialled again when it breaks. Each
 * report has a new `seq`. The reporters are ready when all have reported once.
 */
export async function startScriptedReporters(options: ScriptedReportersOptions): Promise<ScriptedReporters> {
  const { redisPort, intervalMs, ttlMs, varyBandwidth = false } = options;
  const startedAtMs = performance.now();
  const nodes = options.nodes.map(({ name, report }, index) => ({
    name,
    report,
    seq: 0,
    isSilent: false,
    dueAtMs: startedAtMs + (index * intervalMs) / options.nodes.length,
  }));
  let socket: Socket | undefined;
  let answersOwed = 0;
  let lastAnswerAtMs = 0;

  const dial = () => {
    const dialled = connect({ host: '127.0.0.1', port: redisPort, noDelay: true });
    socket = dialled;
    answersOwed = 0;
    dialled.on('data', (answers: Buffer) => {
      lastAnswerAtMs = performance.now();
      answersOwed -= answers.filter((byte) => byte === newline).length;
    });
    dialled.on('error', () => {});
    dialled.once('close', () => {
      if (socket === dialled) socket = undefined;
    });
  };
  const write = (node: (typeof nodes)[number], to: Socket) => {
    if (answersOwed === 0) lastAnswerAtMs = performance.now();
    answersOwed += 1;
    node.seq += 1;
    const report = varyBandwidth ? withVariedBandwidth(node.report, node.seq) : node.report;
    const text = JSON.stringify({ ...report, seq: node.seq });
    to.write(redisCommand('SET', `turn:node:${node.name.replace('/', ':')}`, text, 'PX', `${ttlMs}`));
  };
  const reportAllDue = () => {
    const nowMs = performance.now();
    if (answersOwed > 0 && nowMs - lastAnswerAtMs > answerTimeoutMs) socket?.destroy();
    if (socket === undefined) return dial();
    if (socket.connecting || socket.destroyed) return;
    for (const node of nodes) {
      if (node.dueAtMs > nowMs) continue;
      // Missed reports are skipped.
      node.dueAtMs += intervalMs * Math.ceil((nowMs - node.dueAtMs) / intervalMs || 1);
      if (!node.isSilent) write(node, socket);
    }
  };

  dial();
  const timer = setInterval(reportAllDue, tickMs);
  const close = () => {
    clearInterval(timer);
    socket?.destroy();
    return Promise.resolve();
  };
  try {
    await eventually('the connection to Redis', () => socket?.readyState === 'open');
    for (const node of nodes) if (socket !== undefined) write(node, socket);
    await eventually('every node to have reported', () => answersOwed === 0);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    silence(names) {
      for (const node of nodes) if (names.includes(node.name)) node.isSilent = true;
    },
    revive(names) {
      for (const node of nodes) {
        if (!names.includes(node.name)) continue;
        node.isSilent = false;
        node.dueAtMs = performance.now();
      }
    },
    [Symbol.asyncDispose]: close,
  };
}

function withVariedBandwidth(
  report: Readonly<Record<string, unknown>>,
  seq: number,
): Readonly<Record<string, unknown>> {
  return { ...report, bandwidth_mbps: Number(report['bandwidth_mbps']) + (seq % 2) };
}

const newline = '\n'.charCodeAt(0);

/** Encodes a command as an array of bulk strings (RESP, https://redis.io/docs/latest/develop/reference/protocol-spec). */
function redisCommand(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
