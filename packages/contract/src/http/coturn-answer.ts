import { z } from 'zod';

/** `GET /coturn`: one relay, in the shape of the older coturn load balancer. */
export const coturnAnswerSchema = z
  .object({
    turn_server: z.string().meta({ description: 'Name, else public address, of the relay. Its port is not said.' }),
    turn_data: z
      .record(
        z.string(),
        z.object({
          failed_checks: z.literal(0),
          healthy: z.literal(true),
          initial: z.literal(0),
          success_th: z.int(),
        }),
      )
      .meta({
        description:
          'The relay alone: what else there is concerns no caller. Every router answers with the same figures.',
      }),
  })
  .meta({
    id: 'CoturnAnswer',
    example: {
      turn_server: 'turn-1.example.org',
      turn_data: { 'turn-1.example.org': { failed_checks: 0, healthy: true, initial: 0, success_th: 3 } },
    },
  });

export type CoturnAnswer = z.infer<typeof coturnAnswerSchema>;
