import { z } from 'zod';
import { ttlSecondsSchema } from '../terms/credential-ttl.ts';
import { parseNodeName, regionNameSchema } from '../terms/names.ts';
import { identifierSchema } from '../terms/text.ts';
import { transportSchema } from '../terms/transport.ts';

/** The body of `POST /v1/ice-servers`. Every field is optional; an unknown field is rejected. */
export const iceServersRequestSchema = z
  .strictObject({
    userId: identifierSchema.meta({
      description:
        'Your name for the user. If the token is a JWT, the field must equal the user that the token names, or be omitted. TURN servers get only a keyed hash of the name. For anonymous callers, the field has no effect.',
    }),
    callId: identifierSchema.meta({ description: 'An id that you choose for the call. It is logged.' }),
    ttlSeconds: ttlSecondsSchema.meta({
      description: 'Requested TTL of the credential in seconds, within the bounds of the policy.',
    }),
    requireRegion: regionNameSchema.meta({
      description: 'Use only relays of this region. If the region has no suitable relay, the response is an error.',
    }),
    preferRegion: regionNameSchema.meta({
      description: 'Use this region if it has a healthy relay. Otherwise the field has no effect.',
    }),
    transports: z.array(transportSchema).min(1).max(3).meta({ description: 'Return only URLs with these transports.' }),
    maxNodes: z.int().min(1).max(4).meta({ description: 'Maximum number of relays to return. Default: 1.' }),
    excludeNodes: z
      .array(
        z
          .string()
          .refine(
            (name) => parseNodeName(name) !== undefined,
            'Invalid node: expected "<region>/<id>" as in nodes of a response',
          ),
      )
      .max(16)
      .meta({
        description: 'Nodes that did not work for this caller. Copy the names from `nodes` of an earlier response.',
      }),
  })
  .partial()
  .meta({ id: 'IceServersRequest', example: { userId: 'alice', ttlSeconds: 600 } });

export type IceServersRequest = z.infer<typeof iceServersRequestSchema>;

/** One entry of `RTCConfiguration.iceServers`. */
export const iceServerSchema = z
  .object({
    urls: z.array(z.string()).meta({ description: 'URLs as defined by RFC 7064 and RFC 7065.' }),
    username: z.string().optional().meta({ description: '`<expiry, unix seconds>:<opaque id>`' }),
    credential: z.string().optional().meta({ description: 'base64(HMAC-SHA1(secret, username))' }),
  })
  .meta({ id: 'IceServer' });

export type IceServer = z.infer<typeof iceServerSchema>;

export const iceServersAnswerSchema = z
  .object({
    iceServers: z
      .array(iceServerSchema)
      .meta({ description: 'Pass this to `new RTCPeerConnection({iceServers})` unchanged.' }),
    ttlSeconds: z.int(),
    expiresAt: z.iso.datetime(),
    refreshAfterSeconds: z.int().meta({ description: 'Request new credentials after this number of seconds.' }),
    serverTime: z.iso
      .datetime()
      .meta({ description: 'The current time of the router’s clock. `expiresAt` refers to the same clock.' }),
    region: regionNameSchema,
    nodes: z.array(z.string()).meta({ description: 'The nodes as `<region>/<id>`, best first.' }),
    spilledFrom: regionNameSchema.optional().meta({
      description: 'The home region or the requested region. Present only if `region` is a different region.',
    }),
    overloaded: z.literal(true).optional().meta({
      description:
        'Present if these relays are full and the caller may use no other relay with room, or if the required region is full. Call quality may suffer.',
    }),
    decisionId: z
      .string()
      .meta({ description: 'ULID of the decision. The log line of the request has the same ULID.' }),
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
