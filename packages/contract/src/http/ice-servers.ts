import { z } from 'zod';
import { ttlSecondsSchema } from '../terms/credential-ttl.ts';
import { parseNodeName, regionNameSchema } from '../terms/names.ts';
import { identifierSchema } from '../terms/text.ts';
import { transportSchema } from '../terms/transport.ts';

/** `POST /v1/ice-servers`: every field is optional, an unknown one is refused. */
export const iceServersRequestSchema = z
  .strictObject({
    userId: identifierSchema.meta({
      description:
        'Your name for the user; with a JWT its `sub`, or nothing. Reaches TURN servers only as a keyed hash. Of anonymous callers it is not believed.',
    }),
    callId: identifierSchema.meta({ description: 'Your name for the call, for the log.' }),
    ttlSeconds: ttlSecondsSchema.meta({
      description: 'Wished life of the credential, within the bounds of the policy.',
    }),
    requireRegion: regionNameSchema.meta({ description: 'Only relays of this region; an error when it has none.' }),
    preferRegion: regionNameSchema.meta({ description: 'This region if it has a healthy relay, else as without.' }),
    transports: z.array(transportSchema).min(1).max(3).meta({ description: 'Only URLs of these transports.' }),
    maxNodes: z.int().min(1).max(4).meta({ description: 'How many relays to answer with; default 1.' }),
    excludeNodes: z
      .array(
        z
          .string()
          .refine(
            (name) => parseNodeName(name) !== undefined,
            'Invalid node: expected "<region>/<id>" as in an answer’s nodes',
          ),
      )
      .max(16)
      .meta({ description: 'Relays that failed this caller, as named in an answer’s `nodes`.' }),
  })
  .partial()
  .meta({ id: 'IceServersRequest', example: { userId: 'alice', ttlSeconds: 600 } });

export type IceServersRequest = z.infer<typeof iceServersRequestSchema>;

/** One entry of `RTCConfiguration.iceServers`. */
export const iceServerSchema = z
  .object({
    urls: z.array(z.string()).meta({ description: 'URLs of RFC 7064 and RFC 7065.' }),
    username: z.string().optional().meta({ description: '`<expiry, unix seconds>:<opaque id>`' }),
    credential: z.string().optional().meta({ description: 'base64(HMAC-SHA1(secret, username))' }),
  })
  .meta({ id: 'IceServer' });

export type IceServer = z.infer<typeof iceServerSchema>;

export const iceServersAnswerSchema = z
  .object({
    iceServers: z.array(iceServerSchema).meta({ description: 'For `new RTCPeerConnection({iceServers})`, unchanged.' }),
    ttlSeconds: z.int(),
    expiresAt: z.iso.datetime(),
    refreshAfterSeconds: z.int().meta({ description: 'When to ask again, from now.' }),
    serverTime: z.iso.datetime().meta({ description: 'The clock that `expiresAt` is to be read by.' }),
    region: regionNameSchema,
    nodes: z.array(z.string()).meta({ description: '`<region>/<id>`, best first' }),
    spilledFrom: regionNameSchema.optional().meta({ description: 'The caller’s own region, when it is not `region`.' }),
    overloaded: z.literal(true).optional().meta({
      description: 'The relays are full and the call may stutter: so is everything else that the caller may use.',
    }),
    decisionId: z.string().meta({ description: 'ULID under which the decision stands in the log.' }),
  })
  .meta({
    id: 'IceServersAnswer',
    example: {
      iceServers: [
        {
          urls: ['turn:192.0.2.50:3478?transport=udp', 'turn:192.0.2.50:3478?transport=tcp'],
          username: '1795251600:3q2-7wABCdEf',
          credential: 'base64 of HMAC-SHA1',
        },
        { urls: ['stun:192.0.2.50:3478'] },
      ],
      ttlSeconds: 3600,
      expiresAt: '2026-11-21T09:00:00Z',
      refreshAfterSeconds: 2520,
      serverTime: '2026-11-21T08:00:00Z',
      region: 'eu-central-1',
      nodes: ['eu-central-1/node-01'],
      decisionId: '01KAJ0V5M0XJ3Q3M8N5T4WQ9ZB',
    },
  });

export type IceServersAnswer = z.infer<typeof iceServersAnswerSchema>;
