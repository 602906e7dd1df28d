import type { KeyRing } from '@turn-router/turn-credentials';

/** How this router runs. Holds nothing that must not be shown. */
export type RouterConfig = {
  /** `host` undefined: every address of the machine. */
  readonly publicListener: { readonly host: string | undefined; readonly port: number };
  readonly adminListener: { readonly host: string; readonly port: number };
  readonly auth: 'anonymous';
  readonly policyFile: string;
  readonly geoipFiles: readonly string[];
  /** IP addresses and CIDR prefixes. */
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  /** Processes that answer callers; 1: this one, and no other. */
  readonly workers: number;
  /** Where last good snapshots are kept; undefined: nowhere. */
  readonly stateDir: string | undefined;
  readonly logLevel: string;
};

/** What nobody may see. */
export type RouterSecrets = {
  readonly keyRing: KeyRing;
  /** Undefined: the registry is embedded. */
  readonly redisUrl: string | undefined;
  /** Undefined: nobody may report over HTTP. */
  readonly reporterToken: string | undefined;
};
