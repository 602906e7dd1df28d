export { runFuzz, type FuzzOptions, type FuzzResult } from './fuzz/run-fuzz.ts';
export { runSoak, type SoakMinute, type SoakOptions, type SoakResult } from './soak/run-soak.ts';
