// The seed of every property that names none, so that a verdict never hangs on chance: `PROPERTY_SEED=7 pnpm test` draws other cases, and
// `PROPERTY_RUNS=10000 pnpm test` more of them.
import { configureGlobal } from 'fast-check';

const { PROPERTY_SEED: seed = '13', PROPERTY_RUNS: runs } = process.env;
configureGlobal({ seed: Number(seed), ...(runs === undefined ? {} : { numRuns: Number(runs) }) });
