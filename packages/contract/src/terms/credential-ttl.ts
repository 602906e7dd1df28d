import { z } from 'zod';

/** Upper bound of any credential's life, seconds; the policy may only lower it. */
export const ttlSecondsLimit = 86_400;

/** The life of a credential, seconds. */
export const ttlSecondsSchema = z.int().min(1).max(ttlSecondsLimit);
