// Sets the default seed of properties, so that every run draws the same cases. `PROPERTY_SEED=7 pnpm test` draws other cases, and
// `PROPERTY_RUNS=10000 pnpm test` draws more.
import { configureGlobal } from 'fast-check';

const { PROPERTY_SEED: seed = '13', PROPERTY_RUNS: runs } = process.env;
configureGlobal({ seed: Number(seed), ...(runs === undefined ? {} : { numRuns: Number(runs) }) });
