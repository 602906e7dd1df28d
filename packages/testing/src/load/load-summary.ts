/** The outcome of one call. */
export type LoadAnswer = {
  /** When the call was due, ms of `performance.now()`. */
  readonly dueAtMs: number;
  /** When the answer was complete or the call failed, ms of `performance.now()`. */
  readonly endedAtMs: number;
  readonly latencyMs: number;
  /** How often the call was sent again because its kept connection closed before the first byte of the answer: 0 or 1. */
  readonly redials: number;
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** The problem code of the answer, or the system's error code if there was no answer. */
  readonly code?: string;
  readonly region?: string;
  readonly nodes?: readonly string[];
  /** The caller's region, if the answer is from another one. */
  readonly spilledFrom?: string;
};

export type LoadSummary = {
  readonly calls: number;
  /** Number of calls by status, such as `{200: 40, 503: 1}`; 0 means no answer. */
  readonly byStatus: Readonly<Record<number, number>>;
  /** Number of calls by problem code or error code. */
  readonly byCode: Readonly<Record<string, number>>;
  /** Number of calls without a 200 answer. */
  readonly failures: number;
  readonly redials: number;
  /** Nearest-rank percentiles of the latency, ms; 0 if there were no calls. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
};

export function summarize(answers: readonly LoadAnswer[]): LoadSummary {
  const latencies = answers.map(({ latencyMs }) => latencyMs).toSorted((a, b) => a - b);
  const percentileMs = (share: number) => latencies[Math.max(0, Math.ceil(share * latencies.length) - 1)] ?? 0;
  const byStatus: Record<number, number> = {};
  const byCode: Record<string, number> = {};
  for (const { status, code } of answers) {
    byStatus[status] = (byStatus[status] ?? 0) + 1;
    if (code !== undefined) byCode[code] = (byCode[code] ?? 0) + 1;
  }
  return {
    calls: answers.length,
    byStatus,
    byCode,
    redials: answers.reduce((sum, answer) => sum + answer.redials, 0),
    failures: answers.length - (byStatus[200] ?? 0),
    p50Ms: percentileMs(0.5),
    p99Ms: percentileMs(0.99),
    maxMs: percentileMs(1),
  };
}
