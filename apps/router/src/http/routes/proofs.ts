import { readProofsAnswerSchema, readProofsRequestSchema } from '@turn-router/contract/http';
import { nodeProofMaxBytes, nodeProofSchema, nodeProofTtlMs } from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import type { ProbedFleet } from '../../fleet/probed-fleet.ts';
import type { ProofDoor } from '../../fleet/proof-door.ts';
import { ProblemError } from '../../problem-error.ts';
import { answer, answerJson } from '../answer.ts';
import { nodeKeyOf, parseInput } from '../input.ts';
import { json } from '../openapi/operation.ts';
import { createProberQuota } from '../prober-quota.ts';
import type { PublicRoute } from '../public-route.ts';
import { registryErrorsAs503 } from '../registry-errors-as-503.ts';
import { proberPathSchema, targetPathSchema } from './probe-targets.ts';

export type ProofParts = {
  readonly proofs: ProofDoor;
  readonly probedFleet: Pick<ProbedFleet, 'reportOf'>;
  /** A monotonic clock, ms. */
  readonly monotonicNowMs: () => number;
};

/** Proofs of one prober in a minute. A prober probes at most 32 nodes in a round, and the shortest round has 5 s. */
const proofsPerMinute = 400;

export const putProofRoute: PublicRoute<ProofParts> = {
  method: 'put',
  path: '/v1/nodes/:region/:id/proofs/:targetRegion/:targetId',
  access: 'reporter',
  body: { schema: nodeProofSchema, required: true },
  operation: {
    summary: 'Store what a prober saw of a node',
    description: `The prober is the node of the path. The proof replaces the previous one of the same prober and target, and expires after ${nodeProofTtlMs / 1000} s. A prober may send ${proofsPerMinute} proofs a minute to each process of the router.`,
    params: targetPathSchema,
    answers: { 204: { description: 'The proof is stored' } },
    problems: ['unknown_node', 'proofs_forbidden', 'rate_limited', 'registry_unavailable'],
  },
  createHandler: ({ proofs, probedFleet, monotonicNowMs }) => {
    const countProof = createProberQuota('proofs', proofsPerMinute, monotonicNowMs);
    return async (req, res) => {
      const { region, id, targetRegion, targetId } = parseInput(targetPathSchema, req.params);
      const proof = parseInput(nodeProofSchema, req.body);
      if (Buffer.byteLength(JSON.stringify(proof)) > nodeProofMaxBytes) {
        throw ProblemError.fromFaults([{ field: '', detail: `Too long: expected at most ${nodeProofMaxBytes} bytes` }]);
      }
      const prober = { region, id };
      const target = { region: targetRegion, id: targetId };
      countProof(prober);
      const name = `${targetRegion}/${targetId}`;
      if (probedFleet.reportOf(name) === undefined) throw new ProblemError('unknown_node', `No record of ${name}`);
      await withProofs(proofs.putProof({ target, prober }, proof, nodeProofTtlMs), 'store the proof');
      answer(res, { status: 204 });
    };
  },
};

export const readProofsRoute: PublicRoute<ProofParts> = {
  method: 'post',
  path: '/v1/nodes/:region/:id/read-proofs',
  access: 'reporter',
  body: { schema: readProofsRequestSchema, required: true },
  operation: {
    summary: 'Read what probers saw of nodes',
    description: 'A prober reads the proofs of other probers to learn which nodes are suspected.',
    params: proberPathSchema,
    answers: { 200: { description: 'The proofs', content: json(readProofsAnswerSchema) } },
    problems: ['proofs_forbidden', 'registry_unavailable'],
  },
  createHandler:
    ({ proofs }) =>
    async (req, res) => {
      parseInput(proberPathSchema, req.params);
      const { proofs: wanted } = parseInput(readProofsRequestSchema, req.body);
      const keys = wanted.map(({ target, prober }) => ({ target: nodeKeyOf(target), prober: nodeKeyOf(prober) }));
      const found = await withProofs(proofs.readProofs(keys), 'read the proofs');
      answerJson(res, { proofs: found.map((proof) => proof ?? null) });
    },
};

/** @throws ProblemError `proofs_forbidden` if the router's Redis user may not use proofs, `registry_unavailable` for other failures */
async function withProofs<T>(work: Promise<T>, action: string): Promise<T> {
  const permitted = work.catch((cause: unknown) => {
    if (!(cause instanceof RegistryError) || cause.fault !== 'no_permission') throw cause;
    throw new ProblemError('proofs_forbidden', `The router may not ${action}`, { cause });
  });
  return registryErrorsAs503(permitted, `The registry cannot ${action} now`);
}
