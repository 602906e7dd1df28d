export type Endpoint = { readonly host: string; readonly port: number };

export type Credentials = { readonly username?: string; readonly password?: string };

export type TlsOptions = {
  /** A PEM file of the authorities that sign the servers' certificates. Default: those that Node knows. */
  readonly caFile?: string;
  /** The name that the servers' certificates carry. Default: the host that is connected to. */
  readonly serverName?: string;
};

type Common = {
  /** Of the servers that hold the data. */
  readonly credentials: Credentials;
  /** Undefined: no TLS. */
  readonly tls: TlsOptions | undefined;
};

/** One server, and perhaps a replica of it for reading. */
export type SingleTarget = Common & {
  readonly kind: 'single';
  readonly primary: Endpoint;
  readonly replica: Endpoint | undefined;
  readonly database: number;
};

/** A primary that the sentinels know. */
export type SentinelTarget = Common & {
  readonly kind: 'sentinel';
  readonly sentinels: readonly Endpoint[];
  readonly sentinelCredentials: Credentials;
  /** What the sentinels call the primary. */
  readonly primaryName: string;
  readonly database: number;
  readonly readsReplica: boolean;
};

export type ClusterTarget = Common & {
  readonly kind: 'cluster';
  /** Any of its nodes; the others are learned from them. */
  readonly seeds: readonly Endpoint[];
  readonly readsReplica: boolean;
};

/** What one URL in REDIS_URL names. */
export type RedisTarget = SingleTarget | SentinelTarget | ClusterTarget;
