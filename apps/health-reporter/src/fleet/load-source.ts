/** What a figure of Prometheus counts; the first is that of the interface counters of exporters. */
export const loadUnits = ['bytesPerSecond', 'bitsPerSecond', 'megabitsPerSecond', 'cpuPercent'] as const;

export type LoadUnit = (typeof loadUnits)[number];

/** How Prometheus is asked. */
export type PrometheusSource = {
  readonly algorithm: 'metrics';
  /** Between two questions. */
  readonly intervalMinutes: number;
  /** A node's load is its mean over this long. */
  readonly durationMinutes: number;
  /** How long Prometheus may take. */
  readonly timeoutSeconds: number;
  readonly prometheus: {
    /** `http://` or `https://` and a host. */
    readonly endpoint: string;
    readonly port: number;
    /** PromQL; each `%s` becomes the addresses of the nodes, for a `=~` matcher. */
    readonly query: string;
    readonly unit: LoadUnit;
  };
};

/** Where the load of the nodes comes from; `random`: nobody is asked, and all count as equally loaded. */
export type LoadSource = PrometheusSource | { readonly algorithm: 'random' };
