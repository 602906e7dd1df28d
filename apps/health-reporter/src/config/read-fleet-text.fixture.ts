import type { Environment } from '@turn-router/settings';
import { temporaryDirectory } from '@turn-router/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFleetConfig } from './read-fleet-config.ts';

export const secret = 'kJ8-first-north-secret';
export const environment: Environment = { TURN_SECRET: secret, REDIS_URL: 'redis://127.0.0.1:6379' };

/** Reads the text of a fleet file; faults show its name as `F`. */
export async function readFleetText(file: string, settings: Environment = {}) {
  await using directory = await temporaryDirectory('fleet-file');
  const path = join(directory.path, 'fleet.yaml');
  await writeFile(path, file);
  const result = readFleetConfig({ ...environment, FLEET_FILE: path, ...settings });
  return result.ok
    ? { fleet: result.config.fleet, secrets: result.config.secrets, faults: [] }
    : {
        fleet: undefined,
        secrets: undefined,
        faults: result.faults.map(({ field, detail }) => `${field}: ${detail.replace(path, 'F')}`),
      };
}
