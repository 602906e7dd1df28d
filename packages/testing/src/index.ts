export { eventually } from './eventually.ts';
export { freePort } from './free-port.ts';
export { launchChromium } from './launch-chromium.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { startCoturn, type CoturnOptions, type CoturnServer } from './start-coturn.ts';
export { startProcess, type ProcessOptions, type RunningProcess } from './start-process.ts';
export { startRedis, type RedisServer } from './start-redis.ts';
export { temporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';
