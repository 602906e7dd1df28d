import { z } from 'zod';

const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const nameExpected = 'expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"';

/** A region's name, such as `eu-central-1`. It is part of a Redis key, hence the narrow alphabet. */
export const regionNameSchema = z.string().regex(namePattern, `Invalid region name: ${nameExpected}`);

/** A TURN node's id, unique in its region. */
export const nodeIdSchema = z.string().regex(namePattern, `Invalid node id: ${nameExpected}`);
