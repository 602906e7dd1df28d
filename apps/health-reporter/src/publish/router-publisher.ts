import { problemSchema } from '@turn-router/contract/http';
import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import { faultName } from '../system/fault-name.ts';
import type { RegistryClock, ReportPublisher } from './report-publisher.ts';

export type RouterPublisherOptions = {
  /** Base of the router's public listener, such as `https://router.example.org`. */
  url: string;
  token: string;
  timeoutMs: number;
};

/** A problem's text is shown up to here, characters. */
const detailMaxLength = 300;

/** `Date` is cut to whole seconds (RFC 9110 §5.6.7), so half a second is what it misses on average. */
const dateHalfStepMs = 500;

/** Reports through the router: `PUT` and `DELETE /v1/nodes/{region}/{id}`, for nodes that hold no Redis credentials. */
export function createRouterPublisher({
  url,
  token,
  timeoutMs,
}: RouterPublisherOptions): ReportPublisher & RegistryClock {
  const base = url.replace(/\/+$/, '');
  const nodeUrl = (key: NodeKey) => `${base}/v1/nodes/${nodeNameFromKey(key)}`;

  /** Headers of the answer, once all of it has come. */
  async function send(method: 'PUT' | 'DELETE' | 'HEAD', target: string, body?: string): Promise<Headers> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(target, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
        // The token is meant for this host alone.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (cause) {
      throw new RegistryError('unavailable', `the router cannot be reached: ${faultName(cause)}`, { cause });
    }
    if (response.ok) return response.headers;
    const code = response.status >= 500 || response.status === 429 ? 'unavailable' : 'refused';
    throw new RegistryError(code, `the router answered ${response.status}${problemText(text)}`);
  }

  return {
    async put(key, report, ttlMs) {
      await send('PUT', `${nodeUrl(key)}?ttlSeconds=${Math.ceil(ttlMs / 1000)}`, JSON.stringify(report));
    },
    async remove(key) {
      await send('DELETE', nodeUrl(key));
    },
    async readClock() {
      const date = (await send('HEAD', `${base}/livez`)).get('date');
      const atMs = Date.parse(date ?? '');
      if (Number.isNaN(atMs)) throw new RegistryError('refused', "the router's answer has no Date");
      return atMs + dateHalfStepMs;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** ` (<code>: <detail>)` of a problem+json; empty for anything else. */
function problemText(text: string): string {
  try {
    const { code, detail } = problemSchema.parse(JSON.parse(text));
    return ` (${code}: ${detail})`.slice(0, detailMaxLength);
  } catch {
    return '';
  }
}
