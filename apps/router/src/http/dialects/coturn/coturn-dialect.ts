import { coturnAnswerSchema, type CoturnAnswer } from '@turn-router/contract/http';
import type { NodeReport } from '@turn-router/contract/registry';
import { json } from '../../openapi/operation.ts';
import type { Dialect } from '../dialect.ts';

/** Of that balancer's own example; here the health-reporters check, each by its own thresholds. */
const successThreshold = 3;

const oneRelay = { maxNodes: 1 };

/** Where to relay, without a credential, for applications that asked the older coturn load balancer. */
export const coturnDialect: Dialect = {
  route: {
    method: 'get',
    path: '/coturn',
    operation: {
      summary: 'A relay, as the older coturn load balancer answers',
      description:
        'Chosen for the caller’s address like those of `/v1/ice-servers`. Without a credential: for applications that bring their own.',
      answers: { 200: { description: 'Relay', content: json(coturnAnswerSchema) } },
      problems: ['no_relay_available', 'fleet_overloaded'],
    },
  },
  readRequest: () => oneRelay,
  writeAnswer: ({ nodes: [node] }): CoturnAnswer => {
    if (node === undefined) throw new Error('A decision for a caller names at least one node');
    const server = nameOf(node.report);
    return {
      turn_server: server,
      turn_data: { [server]: { failed_checks: 0, healthy: true, initial: 0, success_th: successThreshold } },
    };
  },
};

/** As the older balancer's own configuration had it: a name where there is one. */
function nameOf({ hostname, public_ip, public_ipv6 }: NodeReport): string {
  return hostname ?? public_ip ?? public_ipv6 ?? '';
}
