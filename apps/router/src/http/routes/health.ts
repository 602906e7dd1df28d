import type { FleetSourceStatus } from '@turn-router/registry';
import { z } from 'zod';
import { trustSteps, type TrustStep } from '../../observe/trust-step.ts';
import { answerJson } from '../answer.ts';
import { json } from '../openapi/operation.ts';
import type { PublicRoute } from '../public-route.ts';

/** What `GET /readyz` says beside its status. */
export type Readiness = {
  readonly ready: boolean;
  /** On what answers stand. */
  readonly trust: TrustStep;
  readonly registries: readonly FleetSourceStatus[];
  readonly healthyNodes: number;
  readonly stopping: boolean;
};

export type ReadyzParts = { readonly readiness: () => Readiness };

const livezSchema = z.object({ live: z.literal(true) });
const readyzSchema = z.object({
  ready: z.boolean(),
  trust: z.enum(trustSteps).meta({
    description:
      'On what answers stand: every registry as just read; the last good snapshot of one that is away; the nodes that the policy names; nothing.',
  }),
  registries: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['starting', 'fresh', 'lost']),
      fault: z.string().optional().meta({ description: 'Why the last reading failed.' }),
      nodes: z.int(),
      keptNodes: z.int().meta({ description: 'Nodes that vanished from it together and serve all the same.' }),
      ageMs: z.number().optional().meta({ description: 'Time since it was last read.' }),
    }),
  ),
  healthyNodes: z.int(),
  stopping: z.boolean(),
});

/** The process answers; touches nothing else. */
export const livezRoute: PublicRoute<unknown> = {
  method: 'get',
  path: '/livez',
  access: 'open',
  operation: {
    summary: 'Whether the process answers',
    answers: { 200: { description: 'It does', content: json(livezSchema) } },
  },
  createHandler: () => (_req, res) => {
    answerJson(res, { live: true });
  },
};

/** 200 as soon as callers can be answered, 503 before that and while stopping. */
export const readyzRoute: PublicRoute<ReadyzParts> = {
  method: 'get',
  path: '/readyz',
  access: 'open',
  operation: {
    summary: 'Whether callers can be answered',
    answers: {
      200: { description: 'They can', content: json(readyzSchema) },
      503: { description: 'Not yet, or not any more', content: json(readyzSchema) },
    },
  },
  createHandler:
    ({ readiness }) =>
    (_req, res) => {
      const state = readiness();
      answerJson(res, state, state.ready ? 200 : 503);
    },
};
