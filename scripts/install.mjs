#!/usr/bin/env node
// Installs the project's dependencies and the system programs that a script needs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, run, runScript, step, UsageError } from './run.mjs';

const usage = `Usage: node scripts/install.mjs [program…]

Installs the project's dependencies at the versions in the lockfile, and the named programs that are missing.
Programs: redis-server turnserver prometheus chromium openssl docker-compose faketime wrk erlang-p1-stun ip nft.
As root on Debian or Ubuntu it runs apt-get; elsewhere it prints the commands to run.
`;

/** The package of each program. `brew` is undefined if Homebrew lacks it. */
const packages = {
  'redis-server': { debian: 'redis-server', brew: 'redis' },
  turnserver: { debian: 'coturn', brew: 'coturn' },
  prometheus: { debian: 'prometheus', brew: 'prometheus' },
  chromium: { debian: 'chromium', brew: '--cask chromium' },
  openssl: { debian: 'openssl', brew: 'openssl' },
  'docker-compose': { debian: 'docker-compose', brew: 'docker-compose' },
  wrk: { debian: 'wrk', brew: 'wrk' },
  faketime: { debian: 'faketime', brew: 'libfaketime' },
  'erlang-p1-stun': { debian: 'erlang-p1-stun', brew: undefined },
  ip: { debian: 'iproute2', brew: undefined },
  nft: { debian: 'nftables', brew: undefined },
};

/** @typedef {keyof typeof packages} Program */

/** Installs the project's dependencies at the locked versions. Takes a second or two if they are already installed. */
export async function installDependencies() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const installed = join(root, 'node_modules/.bin/pnpm');
  const [command, ...args] = existsSync(installed) ? [installed] : ['npx', '-y', manifest.packageManager];
  await step('dependencies', () =>
    run(command, [...args, 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false'], { quiet: true }),
  );
}

/**
 * Installs the programs that are missing.
 *
 * @param {readonly Program[]} programs
 */
export async function installPrograms(programs) {
  const missing = programs.filter((program) =>
    program === 'erlang-p1-stun' ? !isErlangStunInstalled() : !isInstalled(program),
  );
  if (missing.length === 0) return;
  const names = missing.map((program) => packages[program].debian);
  const brewed = missing.flatMap((program) => packages[program].brew ?? []);
  if (!isInstalled('apt-get') || process.getuid?.() !== 0) {
    throw new Error(
      `Missing: ${missing.join(', ')}. Install them and start again, for example by\n` +
        `  sudo apt-get install -y --no-install-recommends ${names.join(' ')}      (Debian, Ubuntu)` +
        (brewed.length === 0 ? '' : `\n  brew install ${brewed.join(' ')}      (macOS)`),
    );
  }
  await step(`system packages ${names.join(', ')}`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { quiet: true, env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { quiet: true, env });
    await stopServices(names);
  });
}

/**
 * Debian starts the services it installs; we need only the programs.
 *
 * @param {readonly string[]} names
 */
async function stopServices(names) {
  const services = names.filter((name) => ['redis-server', 'coturn', 'prometheus'].includes(name));
  if (services.length === 0 || !existsSync('/run/systemd/system')) return;
  await run('systemctl', ['disable', '--now', ...services], { quiet: true });
}

/** Whether Erlang has the library `stun`, which eturnal uses. */
function isErlangStunInstalled() {
  const program = 'halt(case code:which(stun_listener) of non_existing -> 1; _ -> 0 end)';
  return isInstalled('erl') && spawnSync('erl', ['-noshell', '-noinput', '-eval', program]).status === 0;
}

/** @param {string} program */
function isInstalled(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * @param {string} name
 * @returns {name is Program}
 */
function isProgram(name) {
  return Object.hasOwn(packages, name);
}

if (import.meta.filename === process.argv[1]) {
  await runScript({ usage, allowPositionals: true }, async (_, programs) => {
    const unknown = programs.filter((name) => !isProgram(name));
    if (unknown.length > 0) throw new UsageError(`Unknown program: ${unknown.join(', ')}`);
    await installDependencies();
    await installPrograms(programs.filter(isProgram));
  });
}
