import { z } from 'zod';

/** The response of `GET /coturn`: one relay, in the format of the older coturn load balancer. */
export const coturnAnswerSchema = z
  .object({
    turn_server: z.string().meta({
      description:
        'The hostname of the relay, without the port. If the relay has no hostname, the field contains its public address.',
    }),
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
        description: 'Contains only the chosen relay. Its numbers are constants and say nothing about the load.',
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
