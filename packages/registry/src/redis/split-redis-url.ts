import type { RedisTarget, Credentials, Endpoint, TlsOptions } from './redis-target.ts';
import { parseEndpoints } from './parse-endpoints.ts';
import { RedisUrlFault } from './redis-url-fault.ts';
import { redisUrlForms, type RedisUrlForm } from './redis-url-forms.ts';

export type RedisUrlParts = {
  readonly kind: RedisTarget['kind'];
  readonly credentials: Credentials;
  readonly endpoints: readonly Endpoint[];
  /** `name` and `database`, as far as the form has them. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly tls: TlsOptions | undefined;
};

const kinds = ['single', 'sentinel', 'cluster'] as const;

/** Not WHATWG's pattern, which knows one host only. */
const partsPattern = /^(?:(?<userinfo>[^@/?#]*)@)?(?<hosts>[^@/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;

/**
 * Takes a URL of REDIS_URL apart, whatever its form.
 *
 * @throws RedisUrlFault
 */
export function splitRedisUrl(text: string): RedisUrlParts {
  const [scheme, rest] = splitOnce(text, '://');
  const kind = kinds.find((name) => plainScheme(scheme) === redisUrlForms[name].scheme);
  if (kind === undefined || rest === undefined) {
    const all = kinds.map((name) => redisUrlForms[name].text).join(' or ');
    throw new RedisUrlFault(`not the URL of a Redis: expected ${all}, or the same with rediss for TLS`);
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
      'not a URL ("@", "/", "?" and "#" of a user or a password are written %40, %2F, %3F and %23)',
    );
  }
  const path = form.path.pattern.exec(parts['path'] ?? '');
  const query = new URLSearchParams(parts['query']);
  const allowed = [...form.parameters, ...(isTls ? ['ca', 'servername'] : [])];
  if ([...query.keys()].some((name) => !allowed.includes(name))) {
    throw new RedisUrlFault(`after "?" stands something else than ${allowed.join(', ')}`);
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
    throw new RedisUrlFault('in the user or the password stands a "%" (written %25) that starts no %XX');
  }
}

/** Empty is none. */
export function credentialsFrom(username: string | null, password: string | null): Credentials {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function tlsFromQuery(query: URLSearchParams): TlsOptions {
  const caFile = query.get('ca');
  const serverName = query.get('servername');
  return { ...(caFile === null ? {} : { caFile }), ...(serverName === null ? {} : { serverName }) };
}
