import { z } from 'zod';
import { revocationSchema } from '../registry/revocation.ts';
import { revocationSubjectSchema } from '../registry/revocation-subject.ts';
import { printableTextSchema } from '../terms/text.ts';

const subjectSchema = revocationSubjectSchema.meta({
  description:
    'Who: `user:<name>`, `key:<id>:user:<name>`, `key:<id>` with everybody under it, `address:<prefix>` or `key:<id>:address:<prefix>`, with an IPv4 /32 or an IPv6 /64.',
  example: 'user:alice',
});

/** Ten years, seconds: whoever is to stay out for longer is revoked for good. */
const forSecondsMax = 315_360_000;

/** The body of `PUT /admin/v1/revocations`. */
export const revokeRequestSchema = z
  .strictObject({
    subject: subjectSchema,
    forSeconds: z.int().min(1).max(forSecondsMax).optional().meta({ description: 'Without it for good.' }),
    reason: revocationSchema.shape.reason,
    endsRelays: z.boolean().default(true).meta({
      description: 'Whether TURN servers are told to end the relays of the subject, those that can.',
    }),
  })
  .meta({ id: 'RevokeRequest' });

export type RevokeRequest = z.infer<typeof revokeRequestSchema>;

/** The body of `POST /admin/v1/revocations/lift`. */
export const liftRequestSchema = z
  .strictObject({
    subject: printableTextSchema(256).meta({
      description: 'As it is listed, also among `rejected`.',
      example: 'user:alice',
    }),
  })
  .meta({ id: 'LiftRequest' });

/** A revocation as SREs see it. */
export const revocationViewSchema = z
  .object({
    subject: subjectSchema,
    atMs: z.int().min(0).meta({ description: 'Since when, Unix time in milliseconds.' }),
    untilMs: z.int().min(0).optional().meta({ description: 'Until when, the same. Absent: for good.' }),
    reason: revocationSchema.shape.reason,
    turnUsers: z.array(z.string()).meta({
      description: 'Under which TURN servers know the subject. Empty: its relays are left as they are.',
    }),
    isInForce: z.boolean().meta({ description: 'False when its time is over: it goes with the next revocation.' }),
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

/** What `GET /admin/v1/revocations` answers. */
export const revocationsAnswerSchema = z
  .object({
    revocations: z.array(revocationViewSchema).meta({ description: 'By subject.' }),
    rejected: z.array(z.string()).meta({ description: 'What is stored among them and is none: it revokes nobody.' }),
  })
  .meta({ id: 'RevocationsAnswer' });

export type RevocationsAnswer = z.infer<typeof revocationsAnswerSchema>;
