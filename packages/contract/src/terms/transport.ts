import { z } from 'zod';

/** The transport between client and TURN server: `turn:` over UDP or TCP, `turns:` over TLS (RFC 7065). */
export const transportSchema = z.enum(['udp', 'tcp', 'tls']);

export type Transport = z.infer<typeof transportSchema>;
