import type { KeyRing, SecretMode } from '@turn-router/turn-credentials';
import type { JWK } from 'jose';
import type { AdminTokens } from '../auth/admin-role.ts';
import type { PeerAddress } from '../peers/peer-address.ts';

/** Who may ask; at least one way is open. */
export type AuthConfig = {
  readonly anonymous: boolean;
  /** Undefined: no API keys. `file` undefined: they are in Redis. */
  readonly apiKeys: { readonly file: string | undefined } | undefined;
  /** Undefined: no JWTs. */
  readonly jwt: JwtConfig | undefined;
};

export type JwtConfig = {
  /** Undefined: the secrets hold the issuer's key. */
  readonly jwksUrl: string | undefined;
  readonly algorithms: readonly string[];
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
};

/** How this router runs. Holds nothing that must not be shown. */
export type RouterConfig = {
  /** `host` undefined: every address of the machine. */
  readonly publicListener: { readonly host: string | undefined; readonly port: number };
  readonly adminListener: { readonly host: string; readonly port: number };
  /** Where routers agree on limits while Redis is away, and where this one listens for that; undefined: they don't. */
  readonly peers:
    | { readonly addresses: readonly PeerAddress[]; readonly host: string | undefined; readonly port: number }
    | undefined;
  readonly auth: AuthConfig;
  /** Whether TURN servers hold the key ring, or what is derived of it. */
  readonly secretMode: SecretMode;
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
  /** Undefined: there is no admin API. */
  readonly adminTokens: AdminTokens | undefined;
  /** What routers show each other; undefined where they have no peers. */
  readonly peerSecret: string | undefined;
  /** By which JWTs are checked where no JWKS says it: one of the two. */
  readonly jwtPublicKeys: readonly JWK[] | undefined;
  readonly jwtSecret: string | undefined;
};
