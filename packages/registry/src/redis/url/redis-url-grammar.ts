import { clientOptionRemedy, isDefaultOption } from './client-options.ts';
import type { Credentials, Endpoint, RedisTarget, TlsOptions } from './redis-target.ts';

/** A fault of a URL. The message is for people. It quotes no part of the URL, because any part may be a misplaced password. */
export class RedisUrlFault extends Error {
  override readonly name = 'RedisUrlFault';
}

type RedisUrlForm = {
  /** `redis` may be written `rediss` for TLS. */
  readonly scheme: string;
  /** The form as messages show it. */
  readonly text: string;
  readonly defaultPort: number;
  readonly path: { readonly pattern: RegExp; readonly fault: string };
  /** The parameters allowed after "?". A URL with TLS also allows `ca` and `servername`. */
  readonly parameters: readonly string[];
};

/** The URL forms for the kinds of Redis deployments. */
export const redisUrlForms: Readonly<Record<RedisTarget['kind'], RedisUrlForm>> = {
  single: {
    scheme: 'redis',
    text: 'redis://[user:password@]host[:port][/database]',
    defaultPort: 6379,
    path: { pattern: /^\/?(?<database>\d{0,4})$/, fault: 'the database must be a number' },
    parameters: ['replica'],
  },
  sentinel: {
    scheme: 'redis+sentinel',
    text: 'redis+sentinel://[user:password@]host:port,host:port/name[/database]',
    defaultPort: 26_379,
    path: {
      pattern: /^\/(?<name>[A-Za-z0-9._-]+)(?:\/(?<database>\d{0,4}))?$/,
      fault: "the primary's name after the sentinels is missing or invalid, or the database is not a number",
    },
    parameters: ['read', 'sentinelUser', 'sentinelPassword'],
  },
  cluster: {
    scheme: 'redis+cluster',
    text: 'redis+cluster://[user:password@]host:port,host:port',
    defaultPort: 6379,
    path: { pattern: /^\/?$/, fault: 'a cluster has only one database' },
    parameters: ['read'],
  },
};

export type RedisUrlParts = {
  readonly kind: RedisTarget['kind'];
  readonly credentials: Credentials;
  readonly endpoints: readonly Endpoint[];
  /** `name` and `database`, if the form has them. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly tls: TlsOptions | undefined;
};

const kinds = ['single', 'sentinel', 'cluster'] as const;

/** Differs from WHATWG's URL syntax, which allows only one host. */
const partsPattern = /^(?:(?<userinfo>[^@/?#]*)@)?(?<hosts>[^@/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;

/**
 * Splits a URL of REDIS_URL of any form into its parts.
 *
 * @throws RedisUrlFault
 */
export function splitRedisUrl(text: string): RedisUrlParts {
  const [scheme, rest] = splitOnce(text, '://');
  const kind = kinds.find((name) => plainScheme(scheme) === redisUrlForms[name].scheme);
  if (kind === undefined || rest === undefined) {
    const all = kinds.map((name) => redisUrlForms[name].text).join(' or ');
    throw new RedisUrlFault(`not a Redis URL: expected ${all}, or the same with rediss for TLS`);
  }
  const form = redisUrlForms[kind];
  const isTls = scheme.toLowerCase() !== form.scheme;
  try {
    return { kind, ...splitRest(rest, form, isTls) };
  } catch (error) {
    if (!(error instanceof RedisUrlFault)) throw error;
    const expected = isTls ? form.text.replace('redis', 'rediss') : form.text;
    throw new RedisUrlFault(`${error.message}: expected ${expected}`);
  }
}

function splitRest(rest: string, form: RedisUrlForm, isTls: boolean): Omit<RedisUrlParts, 'kind'> {
  const parts = partsPattern.exec(rest)?.groups;
  if (parts === undefined) {
    throw new RedisUrlFault(
      'not a URL (write "@", "/", "?" and "#" in the user and password as %40, %2F, %3F and %23)',
    );
  }
  const path = form.path.pattern.exec(parts['path'] ?? '');
  const query = new URLSearchParams(parts['query']);
  const allowed = [...form.parameters, ...(isTls ? ['ca', 'servername'] : [])];
  const unknown = [...query].find(([name, value]) => !allowed.includes(name) && !isDefaultOption(name, value));
  if (unknown !== undefined) {
    const remedy = clientOptionRemedy(unknown[0]);
    throw new RedisUrlFault(
      `unknown parameter after "?" (allowed: ${allowed.join(', ')})${remedy === undefined ? '' : `; ${remedy}`}`,
    );
  }
  const endpoints = parseEndpoints(parts['hosts'] ?? '', form.defaultPort);
  if (path === null) throw new RedisUrlFault(form.path.fault);
  return {
    credentials: parseUserinfo(parts['userinfo'] ?? ''),
    endpoints,
    path: path.groups ?? {},
    query,
    tls: isTls ? tlsFromQuery(query) : undefined,
  };
}

function plainScheme(scheme: string): string {
  return scheme.toLowerCase().replace(/^rediss/, 'redis');
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function parseUserinfo(userinfo: string): Credentials {
  const [username, password] = splitOnce(userinfo, ':');
  try {
    return credentialsFrom(decodeURIComponent(username), decodeURIComponent(password ?? ''));
  } catch {
    throw new RedisUrlFault('invalid %XX in the user or the password (write "%" as %25)');
  }
}

/** Returns credentials without the empty parts. */
export function credentialsFrom(username: string | null, password: string | null): Credentials {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function tlsFromQuery(query: URLSearchParams): TlsOptions {
  const caFile = query.get('ca');
  const serverName = query.get('servername');
  return { ...(caFile === null ? {} : { caFile }), ...(serverName === null ? {} : { serverName }) };
}

/** A name, an IPv4 address, or an IPv6 address in brackets (RFC 3986, section 3.2.2), then an optional port. */
const endpointPattern = /^(?:\[(?<ipv6>[0-9A-Fa-f:.%]+)\]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>\d{1,5}))?$/;

/** @throws RedisUrlFault */
export function parseEndpoint(text: string, defaultPort: number): Endpoint {
  const groups = endpointPattern.exec(text)?.groups;
  const host = groups?.['ipv6'] ?? groups?.['name'];
  if (host === undefined) throw new RedisUrlFault(text === '' ? 'the host is missing' : 'not a host or host:port');
  const port = Number(groups?.['port'] ?? defaultPort);
  if (port < 1 || port > 65_535) throw new RedisUrlFault('a port must be between 1 and 65535');
  return { host, port };
}

/**
 * Parses `host:port,host:port`.
 *
 * @throws RedisUrlFault
 */
function parseEndpoints(text: string, defaultPort: number): Endpoint[] {
  return text.split(',').map((part) => parseEndpoint(part, defaultPort));
}
