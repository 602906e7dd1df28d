import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import type { RegistryClock, ReportPublisher } from './report-publisher.ts';
import { createSendToRouter, type RouterOptions } from './router-client.ts';

/** The header `Date` has whole seconds (RFC 9110 §5.6.7). So on average it is half a second behind. */
const dateHalfStepMs = 500;

/** Creates a publisher that sends reports to a router (`PUT` and `DELETE /v1/nodes/{region}/{id}`), for nodes without Redis credentials. */
export function createRouterPublisher(options: RouterOptions): ReportPublisher & RegistryClock {
  const send = createSendToRouter(options);
  return {
    async put(key, report, ttlMs) {
      await send('PUT', `${pathOf(key)}?ttlSeconds=${Math.ceil(ttlMs / 1000)}`, report);
    },
    async remove(key) {
      await send('DELETE', pathOf(key));
    },
    async readClock() {
      const { headers } = await send('HEAD', '/livez');
      const atMs = Date.parse(headers.get('date') ?? '');
      if (Number.isNaN(atMs)) throw new RegistryError('refused', "the router's response has no valid Date header");
      return atMs + dateHalfStepMs;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function pathOf(key: NodeKey): string {
  return `/v1/nodes/${nodeNameFromKey(key)}`;
}
