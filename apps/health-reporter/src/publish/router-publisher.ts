import { problemSchema } from '@turn-router/contract/http';
import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import { withDeadline } from '@turn-router/deadline';
import { RegistryError } from '@turn-router/registry';
import { faultName } from '../system/fault-name.ts';
import type { RegistryClock, ReportPublisher } from './report-publisher.ts';

export type RouterPublisherOptions = {
  /** The base URL of the router's public listener, such as `https://router.example.org`. */
  url: string;
  token: string;
  timeoutMs: number;
};

/** The maximum length of the shown part of a problem's text, characters. */
const detailMaxChars = 300;

/** The header `Date` has whole seconds (RFC 9110 §5.6.7). So on average it is half a second behind. */
const dateHalfStepMs = 500;

/** Creates a publisher that sends reports to a router (`PUT` and `DELETE /v1/nodes/{region}/{id}`), for nodes without Redis credentials. */
export function createRouterPublisher({
  url,
  token,
  timeoutMs,
}: RouterPublisherOptions): ReportPublisher & RegistryClock {
  const base = url.replace(/\/+$/, '');
  const nodeUrl = (key: NodeKey) => `${base}/v1/nodes/${nodeNameFromKey(key)}`;

  /** Returns the response headers after the whole body has arrived. */
  async function send(method: 'PUT' | 'DELETE' | 'HEAD', target: string, body?: string): Promise<Headers> {
    const exchange = async (signal: AbortSignal) => {
      const response = await fetch(target, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
        // A redirect must not carry the token to another host.
        redirect: 'manual',
        signal,
      });
      return { response, text: await response.text() };
    };
    let response: Response;
    let text: string;
    try {
      ({ response, text } = await withDeadline({ timeoutMs }, exchange));
    } catch (cause) {
      throw new RegistryError('unavailable', `the router is unreachable: ${faultName(cause)}`, { cause });
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
      if (Number.isNaN(atMs)) throw new RegistryError('refused', "the router's response has no valid Date header");
      return atMs + dateHalfStepMs;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Formats a problem+json body as ` (<code>: <detail>)`. Returns the empty text for any other body. */
function problemText(text: string): string {
  try {
    const { code, detail } = problemSchema.parse(JSON.parse(text));
    return ` (${code}: ${detail})`.slice(0, detailMaxChars);
  } catch {
    return '';
  }
}
