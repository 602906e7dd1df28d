export { runFuzz, type FuzzOptions, type FuzzResult } from './fuzz/run-fuzz.ts';
export { runHostileRedis, type HostileRedisOptions, type HostileRedisResult } from './fuzz/run-hostile-redis.ts';
export { runPolicyFiles, type PolicyFilesOptions, type PolicyFilesResult } from './policy-files/run-policy-files.ts';
export { runSoak, type SoakMinute, type SoakOptions, type SoakResult } from './soak/run-soak.ts';
