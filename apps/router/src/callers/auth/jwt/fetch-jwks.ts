import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';

/** The JWKS cannot be had. The message names no address. */
export class JwksError extends Error {
  override readonly name = 'JwksError';
}

/** How long the host may take, ms: what a caller may wait for whose token names a key that is not known yet. */
const timeoutMs = 2_000;

/** Far more than any issuer has. */
const bytesMax = 262_144;

/** At least one key: a host that answers none has a fault, and must not make every token invalid. */
const keySetSchema = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(256),
});

export type FetchJwks = (signal: AbortSignal) => Promise<JSONWebKeySet>;

/** Fetches a JSON Web Key Set (RFC 7517 §5), within 2 s. Follows no redirects: keys come from where the settings say. */
export function createFetchJwks(url: string): FetchJwks {
  return async (signal) => {
    try {
      const answer = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        redirect: 'manual',
        headers: { accept: 'application/jwk-set+json, application/json' },
      });
      if (answer.status !== 200) {
        await answer.body?.cancel();
        throw new JwksError(`the host answers ${answer.status}`);
      }
      return parseKeySet(await readText(answer));
    } catch (cause) {
      if (cause instanceof JwksError) throw cause;
      throw new JwksError(`the host does not answer (${reasonOf(cause)})`, { cause });
    }
  };
}

/** @throws JwksError */
export function parseKeySet(text: string): JSONWebKeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JwksError('the answer is not JSON');
  }
  const parsed = keySetSchema.safeParse(value);
  if (!parsed.success) throw new JwksError('the answer is no JSON Web Key Set with at least one key');
  return parsed.data;
}

async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new JwksError(`the answer is larger than ${bytesMax} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `ECONNREFUSED`, `TimeoutError` …: undici wraps the system's error. */
function reasonOf(error: unknown): string {
  const { cause, name } = (error ?? {}) as { cause?: { code?: unknown }; name?: unknown };
  return typeof cause?.code === 'string' ? cause.code : String(name);
}
