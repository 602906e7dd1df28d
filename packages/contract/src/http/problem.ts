import { z } from 'zod';
import { fieldFaultSchema } from '../terms/field-fault.ts';
import { problems } from './problem-codes.ts';

/** The body of every error response, `application/problem+json` (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().meta({
      description:
        'Identifies the kind of problem. To read its meaning, open `/docs/problems#` followed by this value on the public listener.',
    }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: `One of ${Object.keys(problems).join(', ')}.` }),
    requestId: z.string().meta({ description: 'The id of the request in the log.' }),
    errors: z.array(fieldFaultSchema).optional().meta({ description: 'One entry for each invalid field.' }),
  })
  .meta({
    id: 'Problem',
    example: {
      type: 'urn:turn-router:problem:invalid_request',
      title: 'The request is not valid',
      status: 400,
      detail: 'ttlSeconds: Too big: expected number to be <=86400',
      code: 'invalid_request',
      requestId: '01KAJ0V5M0XJ3Q3M8N5T4WQ9ZB',
      errors: [{ field: 'ttlSeconds', detail: 'Too big: expected number to be <=86400' }],
    },
  });

export type Problem = z.infer<typeof problemSchema>;
