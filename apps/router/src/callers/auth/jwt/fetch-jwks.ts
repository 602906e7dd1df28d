import { withDeadline } from '@turn-router/deadline';
import { z } from 'zod';
import { keySetFrom, type KeySet } from './key-set.ts';

/** The JWKS cannot be fetched. The message does not contain the URL, because a URL can contain a secret. */
export class JwksError extends Error {
  override readonly name = 'JwksError';
}

/** Longest wait for the host, ms. */
const defaultTimeoutMs = 2_000;

/** Maximum size of a response, bytes. It is far more than any issuer publishes. */
const responseMaxBytes = 262_144;

/** At most 256 members, because each one may cost a check of a signature. */
const jwksSchema = z.object({ keys: z.array(z.unknown()).min(1).max(256) });

/** A JWKS with at least one usable key. */
export type FetchedKeySet = KeySet & {
  /** The same JWKS as JSON. */
  readonly text: string;
};

export type FetchJwks = (signal: AbortSignal) => Promise<FetchedKeySet>;

/** Fetches a JSON Web Key Set (RFC 7517 §5) within 2 s. It follows no redirects, so that keys come only from the configured URL. */
export function createFetchJwks(url: string, timeoutMs = defaultTimeoutMs): FetchJwks {
  return async (stop) => {
    try {
      return parseKeySet(await withDeadline({ timeoutMs, stop }, (signal) => fetchText(url, signal)));
    } catch (cause) {
      if (cause instanceof JwksError) throw cause;
      throw new JwksError(`the host did not respond (${reasonOf(cause)})`, { cause });
    }
  };
}

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, {
    signal,
    redirect: 'manual',
    headers: { accept: 'application/jwk-set+json, application/json' },
  });
  if (answer.status === 200) return readText(answer);
  await answer.body?.cancel();
  throw new JwksError(`the host responded with status ${answer.status}`);
}

/**
 * Broken members are ignored. At least one usable key is required. A set without usable keys is a fault of the host and must not invalidate every
 * token.
 *
 * @throws JwksError
 */
export function parseKeySet(text: string): FetchedKeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JwksError('the response is not JSON');
  }
  const parsed = jwksSchema.safeParse(value);
  if (!parsed.success) throw new JwksError('the response is not a JSON Web Key Set with at least one key');
  const keySet = keySetFrom(parsed.data.keys);
  if (keySet.usable.length === 0) {
    const reason = keySet.ignored[0]?.reason ?? 'no key is for signatures';
    throw new JwksError(`the response has no usable key (${reason})`);
  }
  return { ...keySet, text: JSON.stringify(parsed.data) };
}

async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > responseMaxBytes) throw new JwksError(`the response is larger than ${responseMaxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Returns the code or name of an error, such as `ECONNREFUSED` or `TimeoutError`. undici wraps the error of the system. */
function reasonOf(error: unknown): string {
  const { cause, name } = (error ?? {}) as { cause?: { code?: unknown }; name?: unknown };
  return typeof cause?.code === 'string' ? cause.code : String(name);
}
