import {
  probeCredentialAnswerSchema,
  probeCredentialQuerySchema,
  probeCredentialRequestSchema,
  probeCredentialTtlSeconds,
} from '@turn-router/contract/http';
import type { IssueProbeCredential } from '../../fleet/issue-probe-credential.ts';
import { answerJson } from '../answer.ts';
import { nodeKeyOf, parseInput } from '../input.ts';
import { json } from '../openapi/operation.ts';
import { createProberQuota } from '../prober-quota.ts';
import type { PublicRoute } from '../public-route.ts';

export type ProbeCredentialParts = {
  readonly issueProbeCredential: IssueProbeCredential;
  /** A monotonic clock, ms. */
  readonly monotonicNowMs: () => number;
};

/**
 * Credentials of one prober in a minute. A prober needs one for each probe: three to six in a usual round, up to 32 in a round of 5–30 s while many
 * nodes are suspected. Above the limit it sends Binding requests only.
 */
const credentialsPerMinute = 120;

export const probeCredentialsRoute: PublicRoute<ProbeCredentialParts> = {
  method: 'post',
  path: '/v1/probe-credentials',
  access: 'reporter',
  body: { schema: probeCredentialRequestSchema, required: true },
  operation: {
    summary: 'Get a credential to probe a node',
    description: `The prober is the node in the query, because the token is for this node. It gets a credential of ${probeCredentialTtlSeconds} s for a node that it probes or confirms, and at most ${credentialsPerMinute} credentials a minute from each process of the router. The user of the credential is the prober. It counts for no limit and no load of callers.`,
    query: probeCredentialQuerySchema,
    answers: { 200: { description: 'The credential', content: json(probeCredentialAnswerSchema) } },
    problems: ['unknown_node', 'target_forbidden', 'no_common_key', 'rate_limited'],
  },
  createHandler: ({ issueProbeCredential, monotonicNowMs }) => {
    const countCredential = createProberQuota('credentials', credentialsPerMinute, monotonicNowMs);
    return (req, res) => {
      const prober = nodeKeyOf(parseInput(probeCredentialQuerySchema, req.query).prober);
      const target = nodeKeyOf(parseInput(probeCredentialRequestSchema, req.body).target);
      countCredential(prober);
      answerJson(res, issueProbeCredential(prober, target));
    };
  },
};
