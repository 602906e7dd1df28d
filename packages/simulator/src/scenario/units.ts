import { z } from 'zod';

/** A moment or a delay, seconds; moments count from the start of the run. */
export const secondSchema = z.number().min(0).max(31_622_400);

/** A duration, seconds. */
export const spanSchema = z.number().positive().max(31_622_400);
