/** The units of Prometheus figures. The first is the unit of the interface counters in exporters. */
export const loadUnits = ['bytesPerSecond', 'bitsPerSecond', 'megabitsPerSecond', 'cpuPercent'] as const;

export type LoadUnit = (typeof loadUnits)[number];

/** The settings of the queries to Prometheus. */
export type PrometheusSource = {
  readonly algorithm: 'metrics';
  /** The interval between two queries. */
  readonly intervalMinutes: number;
  /** The time over which a node's load is averaged. */
  readonly durationMinutes: number;
  /** The timeout of a query. */
  readonly timeoutSeconds: number;
  readonly prometheus: {
    /** `http://` or `https://` and a host, optionally with a path. `port` replaces a port in it. */
    readonly endpoint: string;
    readonly port: number;
    /** PromQL with a `=~` matcher. Each `%s` in it becomes the addresses of the nodes. */
    readonly query: string;
    readonly unit: LoadUnit;
  };
};

/** The source of the nodes' load. With `random` there is no source, and all nodes count as equally loaded. */
export type LoadSource = PrometheusSource | { readonly algorithm: 'random' };
