// damages the policy file 10 000 times under load, and judges pauses of the event loop for hostile files (45 min)
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runPolicyFiles } from '@turn-router/trials';

const usage = `Usage: npm run prove -- policy-files [options]

Starts a router with limits and residency, and calls it 20 times a second. It replaces the policy file with hostile files of up to 100 MB, and
then cuts the file or writes over it at random. Limits and residency must hold at every moment, and no file may block the event loop for
more than 50 ms. Run it on an idle machine.

  --damages N   number of random cuts and rewrites (10000)
  --seed N      determines the cuts (random; it is printed)
`;

/** The longest permitted pause of the event loop, ms. */
const lagMaxMs = 50;

const { values } = parseArgs({
  options: {
    damages: { type: 'string', default: '10000' },
    seed: { type: 'string', default: `${randomBytes(3).readUIntBE(0, 3)}` },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
} else {
  process.stdout.write(`seed ${values.seed}\n`);
  const { faults, answers, lagMs } = await runPolicyFiles({
    files: 'all',
    damages: Number(values.damages),
    lagMaxMs,
    seed: Number(values.seed),
    onProgress: (line) => void process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${answers} answers, longest pause of the event loop ${lagMs.toFixed(0)} ms\n`);
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
