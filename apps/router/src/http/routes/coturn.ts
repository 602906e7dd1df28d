import type { CoturnAnswer } from '@turn-router/contract/http';
import type { NodeReport } from '@turn-router/contract/registry';
import type { RequestHandler } from 'express';
import type { ChooseForCaller } from '../../routing.ts';
import type { Metrics } from '../../metrics.ts';
import { answerJson } from '../answer.ts';
import { callerOf, localsOf } from '../locals.ts';

/** Of that balancer's own example; here the health-reporters check, each by its own thresholds. */
const successThreshold = 3;

/** `GET /coturn`: where to relay, without a credential, for applications that asked the older coturn load balancer. */
export function coturnRoute(choose: ChooseForCaller, metrics: Metrics): RequestHandler {
  return (_req, res) => {
    const { placement, decision } = choose(localsOf(res).clientAddress, callerOf(res).scope, { maxNodes: 1 });
    const { region, reason, spilledFrom, overloaded, nodes } = decision;
    metrics.countIssued({ region, reason, placement });
    const [node] = nodes;
    if (node === undefined) throw new Error('A decision for a caller names at least one node');
    localsOf(res).logged = { region, nodes: [node.name], spilledFrom, overloaded, reason, placedBy: placement.rung };
    const server = nameOf(node.report);
    const answer: CoturnAnswer = {
      turn_server: server,
      turn_data: { [server]: { failed_checks: 0, healthy: true, initial: 0, success_th: successThreshold } },
    };
    answerJson(res, answer);
  };
}

/** As the older balancer's own configuration had it: a name where there is one. */
function nameOf({ hostname, public_ip, public_ipv6 }: NodeReport): string {
  return hostname ?? public_ip ?? public_ipv6 ?? '';
}
