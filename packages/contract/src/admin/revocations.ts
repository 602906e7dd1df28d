import { z } from 'zod';
import { revocationSchema } from '../registry/revocation.ts';
import { revocationSubjectSchema } from '../registry/revocation-subject.ts';
import { printableTextSchema } from '../terms/text.ts';

const subjectSchema = revocationSubjectSchema.meta({
  description:
    'The revoked subject: `user:<name>`, `issuer:<issuer>:user:<name>`, `key:<id>:user:<name>`, `key:<id>` (the key and all its users), `address:<prefix>` or `key:<id>:address:<prefix>`. A prefix is an IPv4 /32 or an IPv6 /64.',
  example: 'user:alice',
});

/** Ten years, in seconds. A request for a longer revocation omits the duration; that revocation never expires. */
const forSecondsMax = 315_360_000;

/** The body of `PUT /admin/v1/revocations`. */
export const revokeRequestSchema = z
  .strictObject({
    subject: subjectSchema,
    forSeconds: z
      .int()
      .min(1)
      .max(forSecondsMax)
      .optional()
      .meta({ description: 'Duration in seconds. If the field is omitted, the revocation never expires.' }),
    reason: revocationSchema.shape.reason,
    endsRelays: z.boolean().default(true).meta({
      description:
        'Whether TURN servers also end the running relays of the subject. Only some TURN servers support this.',
    }),
  })
  .meta({ id: 'RevokeRequest' });

export type RevokeRequest = z.infer<typeof revokeRequestSchema>;

/** The body of `POST /admin/v1/revocations/lift`. */
export const liftRequestSchema = z
  .strictObject({
    subject: printableTextSchema(256).meta({
      description:
        'The subject, exactly as the list of revocations shows it. The subject of an invalid entry, as listed in the field `rejected`, is also allowed.',
      example: 'user:alice',
    }),
  })
  .meta({ id: 'LiftRequest' });

/** A revocation as the admin API returns it. */
export const revocationViewSchema = z
  .object({
    subject: subjectSchema,
    atMs: z.int().min(0).meta({ description: 'Start of the revocation, Unix time in milliseconds.' }),
    untilMs: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'End of the revocation, Unix time in milliseconds. Absent if it never expires.' }),
    reason: revocationSchema.shape.reason,
    turnUsers: z.array(z.string()).meta({
      description:
        'Opaque user ids of the subject on TURN servers. Empty if the revocation does not end running relays.',
    }),
    isInForce: z.boolean().meta({
      description:
        'False after `untilMs`. Expired revocations stay in the list until somebody makes the next revocation.',
    }),
  })
  .meta({
    id: 'Revocation',
    example: {
      subject: 'user:alice',
      atMs: 1_795_248_000_000,
      untilMs: 1_795_291_200_000,
      reason: 'spam',
      turnUsers: ['3q2-7wABCd_f'],
      isInForce: true,
    },
  });

export type RevocationView = z.infer<typeof revocationViewSchema>;

const durableSchema = z.boolean().meta({
  description:
    'Whether the change and its audit entry are on disk. False: they are in force, but the router has to write them to STATE_DIR again. A restart before that loses them. Present only for a router without Redis.',
});

/** The response of `PUT /admin/v1/revocations`. */
export const revokeAnswerSchema = revocationViewSchema
  .extend({ durable: durableSchema.optional() })
  .meta({ id: 'RevokeAnswer' });

export type RevokeAnswer = z.infer<typeof revokeAnswerSchema>;

/** The response of `POST /admin/v1/revocations/lift` if the lift is not on disk yet. */
export const liftAnswerSchema = z.object({ subject: z.string(), durable: durableSchema }).meta({ id: 'LiftAnswer' });

export type LiftAnswer = z.infer<typeof liftAnswerSchema>;

/** The response of `GET /admin/v1/revocations`. */
export const revocationsAnswerSchema = z
  .object({
    revocations: z.array(revocationViewSchema).meta({ description: 'Sorted by subject.' }),
    rejected: z
      .array(z.string())
      .meta({ description: 'Subjects of stored entries that are not valid revocations. They have no effect.' }),
  })
  .meta({ id: 'RevocationsAnswer' });

export type RevocationsAnswer = z.infer<typeof revocationsAnswerSchema>;
