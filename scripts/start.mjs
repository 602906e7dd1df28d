#!/usr/bin/env node
// Installs, builds and runs a fleet on loopback: a router, and three regions with a real coturn and a health-reporter each.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { installDependencies, installPrograms } from './install.mjs';
import { findFreePort } from './free-port.mjs';
import { run, runScript, step, abortOnSignals } from './run.mjs';

const usage = `Usage: npm start [-- options]

Installs what is missing, builds, and runs on loopback: a router with three regions, each with a coturn and a health-reporter.
Ctrl-C stops everything. Other machines cannot reach the fleet. Each start creates new secrets.

  --logs     show the logs of the router and the health-reporters

Environment, all optional:
  PORT, ADMIN_PORT   ports of the router (8080, 8081)
  REDIS_URL          use this Redis as the registry instead of the one embedded in the router
  TRUSTED_PROXIES    proxies whose X-Forwarded-For the router uses (127.0.0.1/32, so that you can send calls from any client address)
  GEOIP_DB, CORS_ORIGINS, LOG_LEVEL: as in apps/router/docs/settings.md
`;

await runScript({ usage, options: { logs: { type: 'boolean' } } }, start);

/** @param {{logs?: unknown}} options */
async function start({ logs }) {
  const ports = { public: await findFreePort('PORT', 8080), admin: await findFreePort('ADMIN_PORT', 8081) };
  if (ports.public === ports.admin) throw new Error('ADMIN_PORT: equals PORT: expected another port');
  await installDependencies();
  await installPrograms(['turnserver']);
  const filters = ['router', 'health-reporter', 'testing'].map((name) => `--filter=@turn-router/${name}`);
  await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only', ...filters], { quiet: true }));
  const stop = abortOnSignals();
  let isUp = false;
  const { startFleet } = await import('../packages/testing/dist/index.js');
  const fleet = await startFleet({
    policy: readFileSync(new URL('start-policy.yaml', import.meta.url), 'utf8'),
    regions: ['us-east-1', 'eu-central-1', 'ap-southeast-1'],
    redisUrl: process.env['REDIS_URL'],
    geoData: 'default',
    ports,
    routerEnvironment: {
      TRUSTED_PROXIES: '127.0.0.1/32',
      ...given('TRUSTED_PROXIES', 'GEOIP_DB', 'CORS_ORIGINS', 'LOG_LEVEL'),
    },
    reporterEnvironment: given('LOG_LEVEL'),
    onStarted: (part, { pid, exited }) => {
      process.stdout.write(`✓ ${part} (process ${pid})\n`);
      // The process is not restarted, so that a trial shows how the others react.
      void exited.then(() => isUp && process.stdout.write(`! ${part} (process ${pid}) has ended\n`));
    },
    onOutput: (part, text) => {
      if (logs === true && !part.startsWith('coturn')) process.stdout.write(text.replaceAll(/^(?=.)/gm, `${part}: `));
    },
  });
  try {
    isUp = true;
    process.stdout.write(summary(fleet));
    if (!stop.aborted) await once(stop, 'abort');
  } finally {
    isUp = false;
    process.stdout.write('\nstopping\n');
    await fleet[Symbol.asyncDispose]();
  }
}

/**
 * @param {import('../packages/testing/dist/index.js').Fleet} fleet
 */
function summary({ router, nodes }) {
  const rows = nodes.map(({ region, id, coturn, reporter }) =>
    [
      `${region}/${id}`.padEnd(24),
      `turn:${coturn.address}:${coturn.port}`.padEnd(22),
      `coturn ${coturn.pid}`.padEnd(16),
      `health-reporter ${reporter.pid}`,
    ].join(''),
  );
  return `
Ready: ${router.url}, process ${router.pid}; registry ${process.env['REDIS_URL'] ? 'in Redis' : 'embedded'}

${rows.join('\n')}

Call the API from London (the router trusts X-Forwarded-For from 127.0.0.1):
  curl -X POST ${router.url}/v1/ice-servers -H 'X-Forwarded-For: 81.2.69.142'

API documentation      ${router.url}/docs
Admin listener         ${router.adminUrl}/metrics
IP Geolocation by DB-IP (https://db-ip.com)

Ctrl-C stops everything.
`;
}

/**
 * Returns the named settings that are set in the environment.
 *
 * @param {...string} names
 * @returns {Record<string, string>}
 */
function given(...names) {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
