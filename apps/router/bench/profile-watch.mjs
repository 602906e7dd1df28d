// This module is loaded into a server by `--import`. SIGUSR2 starts a profile of the main thread. The next SIGUSR2 writes the profile to the file
// PROFILE_FILE, in the format of `--cpu-prof`. So the profile does not contain the start of the program and its compilation.
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** Time between two samples, µs. */
const intervalUs = 250;

const file = process.env['PROFILE_FILE'] ?? '';
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: intervalUs });
let isRunning = false;

process.on('SIGUSR2', () => void beginOrWrite());

async function beginOrWrite() {
  isRunning = !isRunning;
  if (isRunning) {
    await session.post('Profiler.start');
    return;
  }
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(`${file}.part`, JSON.stringify(profile));
  renameSync(`${file}.part`, file);
}
