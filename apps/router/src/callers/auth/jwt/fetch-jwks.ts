import { withDeadline } from '@turn-router/deadline';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';

/** The JWKS cannot be fetched. The message does not contain the URL, because a URL can contain a secret. */
export class JwksError extends Error {
  override readonly name = 'JwksError';
}

/** Longest wait for the host, ms. A caller whose token has an unknown key also waits this long. */
const defaultTimeoutMs = 2_000;

/** Maximum size of a response, bytes. It is far more than any issuer publishes. */
const responseMaxBytes = 262_144;

/** At least one key is required. An empty set is a fault of the host and must not invalidate every token. */
const keySetSchema = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(256),
});

export type FetchJwks = (signal: AbortSignal) => Promise<JSONWebKeySet>;

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

/** @throws JwksError */
export function parseKeySet(text: string): JSONWebKeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JwksError('the response is not JSON');
  }
  const parsed = keySetSchema.safeParse(value);
  if (!parsed.success) throw new JwksError('the response is not a JSON Web Key Set with at least one key');
  return parsed.data;
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
