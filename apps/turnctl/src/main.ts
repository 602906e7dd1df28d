import { packageVersion } from '@turn-router/settings';
import { randomBytes } from 'node:crypto';
import { osUser } from './os-user.ts';
import { runTurnctl } from './run-turnctl.ts';

// The reader of the output may close the pipe early (`turnctl … | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runTurnctl(
  process.argv.slice(2),
  process.env,
  {
    stdout: process.stdout,
    stderr: process.stderr,
    nowMs: () => performance.now(),
    unixMs: Date.now,
    who: osUser,
    randomBytes: (size) => randomBytes(size),
  },
  packageVersion(new URL('../package.json', import.meta.url)),
);
