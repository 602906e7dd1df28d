import { z } from 'zod';

/** Upper bound of every credential TTL, seconds. The policy can only lower it. */
export const ttlSecondsLimit = 86_400;

/** A credential TTL, seconds. */
export const ttlSecondsSchema = z.int().min(1).max(ttlSecondsLimit);
