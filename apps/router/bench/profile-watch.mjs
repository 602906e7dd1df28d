// Loaded into a server by `--import`: on SIGUSR2, begins a profile of the main thread; on the next, writes it to the file PROFILE_FILE, in the
// format of `--cpu-prof`. So the start of the program and its compilation stay out of it.
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** Between two samples, µs. */
const intervalUs = 250;

const file = process.env['PROFILE_FILE'] ?? '';
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: intervalUs });
let isRunning = false;

process.on('SIGUSR2', async () => {
  isRunning = !isRunning;
  if (isRunning) return session.post('Profiler.start');
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(`${file}.part`, JSON.stringify(profile));
  return renameSync(`${file}.part`, file);
});
