/** What became of one call. */
export type LoadAnswer = {
  /** When it was to be sent, and when its answer was there or given up; ms of `performance.now()`. */
  readonly dueAtMs: number;
  readonly endedAtMs: number;
  readonly latencyMs: number;
  /** How often it was sent again, because its kept connection was closed before a byte of an answer came: 0 or 1. */
  readonly redials: number;
  /** 0 when there was no answer. */
  readonly status: number;
  /** Of the problem answered, or of the system's error when there was no answer. */
  readonly code?: string;
  readonly region?: string;
  readonly nodes?: readonly string[];
};

export type LoadSummary = {
  readonly calls: number;
  /** Calls by status, such as `{200: 40, 503: 1}`; 0 is no answer. */
  readonly byStatus: Readonly<Record<number, number>>;
  /** Calls by problem or error code. */
  readonly byCode: Readonly<Record<string, number>>;
  /** Answered with anything but 200. */
  readonly failures: number;
  readonly redials: number;
  /** Nearest-rank percentiles of the latency, ms; 0 without calls. */
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
