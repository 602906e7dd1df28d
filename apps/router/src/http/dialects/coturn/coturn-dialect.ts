import { coturnAnswerSchema, type CoturnAnswer } from '@turn-router/contract/http';
import type { NodeReport } from '@turn-router/contract/registry';
import { json } from '../../openapi/operation.ts';
import type { Dialect } from '../dialect.ts';

/** The value in the example of that balancer. The router does not use it, because health-reporters have their own thresholds. */
const successThreshold = 3;

const oneRelay = { maxNodes: 1 };

/** Returns a relay without a credential, for clients of the older coturn load balancer. */
export const coturnDialect: Dialect = {
  route: {
    method: 'get',
    path: '/coturn',
    operation: {
      summary: 'Get a relay in the format of the older coturn load balancer',
      description:
        'Chooses a relay for the client address, as `/v1/ice-servers` does. The response contains no credential, so the application needs its own credential.',
      answers: { 200: { description: 'Relay', content: json(coturnAnswerSchema) } },
      problems: ['no_relay_available', 'fleet_overloaded'],
    },
  },
  readRequest: () => oneRelay,
  writeAnswer: ({ nodes: [node] }): CoturnAnswer => {
    if (node === undefined) throw new Error('The decision contains no node: expected at least one');
    const server = nameOf(node.report);
    return {
      turn_server: server,
      turn_data: { [server]: { failed_checks: 0, healthy: true, initial: 0, success_th: successThreshold } },
    };
  },
};

/** Returns the hostname. If there is no hostname, returns an address, as the configuration of the older balancer did. */
function nameOf({ hostname, public_ip, public_ipv6 }: NodeReport): string {
  return hostname ?? public_ip ?? public_ipv6 ?? '';
}
