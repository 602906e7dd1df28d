export type Endpoint = { readonly host: string; readonly port: number };

export type Credentials = { readonly username?: string; readonly password?: string };

export type TlsOptions = {
  /** A PEM file with the certificate authorities of the servers. Default: Node's own list. */
  readonly caFile?: string;
  /** The name in the servers' certificates. Default: the host of the connection. */
  readonly serverName?: string;
};

type Common = {
  /** The credentials for the data servers. */
  readonly credentials: Credentials;
  /** Undefined: no TLS. */
  readonly tls: TlsOptions | undefined;
};

/** One server, optionally with a replica for reading. */
export type SingleTarget = Common & {
  readonly kind: 'single';
  readonly primary: Endpoint;
  readonly replica: Endpoint | undefined;
  readonly database: number;
};

/** A primary monitored by sentinels. */
export type SentinelTarget = Common & {
  readonly kind: 'sentinel';
  readonly sentinels: readonly Endpoint[];
  readonly sentinelCredentials: Credentials;
  /** The sentinels' name for the primary. */
  readonly primaryName: string;
  readonly database: number;
  readonly readsReplica: boolean;
};

export type ClusterTarget = Common & {
  readonly kind: 'cluster';
  /** Some nodes of the cluster. From these nodes the client gets the list of all nodes. */
  readonly seeds: readonly Endpoint[];
  readonly readsReplica: boolean;
};

/** The parsed form of one URL in REDIS_URL. */
export type RedisTarget = SingleTarget | SentinelTarget | ClusterTarget;
