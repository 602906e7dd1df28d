import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { FieldFault } from '@turn-router/contract/http';
import { parseYaml } from '@turn-router/settings';
import { faultName } from '../../system/fault-name.ts';
import { findFleetFileFaults } from './find-fleet-file-faults.ts';
import { fleetFileSchema, type FleetFile } from './fleet-file-schema.ts';

export type ReadFleetFile =
  | { readonly ok: true; readonly file: FleetFile }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

/** Maximum file size, bytes. Larger files are not read. */
const fileMaxBytes = 8_388_608;

/**
 * Reads FLEET_FILE. Never throws. Returns all faults together, as faults of the setting FLEET_FILE, each with its line.
 *
 * @param defaultRegion the region of nodes without a region; if undefined, every node must have a region
 */
export function readFleetFile(path: string, defaultRegion: string | undefined): ReadFleetFile {
  let text;
  try {
    text = readBounded(path);
  } catch (error) {
    return { ok: false, faults: [fault(`Cannot read ${JSON.stringify(path)} (${faultName(error)})`)] };
  }
  if (typeof text !== 'string') return { ok: false, faults: [fault(`${path}: ${text.detail}`)] };
  const parsed = parseYaml(text, schemaWithRules(defaultRegion));
  if (parsed.ok) return { ok: true, file: parsed.value };
  return {
    ok: false,
    faults: parsed.faults.map(({ line, field, detail }) =>
      fault(`${path}:${line}: ${field === '' ? '' : `${field}: `}${detail}`),
    ),
  };
}

/** Asks the size before it reads. Throws the system's error. */
function readBounded(path: string): string | { readonly detail: string } {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = fstatSync(file);
    if (!before.isFile()) return { detail: 'Expected a regular file' };
    if (before.size > fileMaxBytes) return { detail: `${before.size} bytes: expected at most ${fileMaxBytes}` };
    const text = readFileSync(file, 'utf8');
    const after = fstatSync(file);
    const isStill = before.size === after.size && before.mtimeMs === after.mtimeMs;
    return isStill ? text : { detail: 'Changes while it is read: expected a complete file' };
  } finally {
    closeSync(file);
  }
}

function schemaWithRules(defaultRegion: string | undefined) {
  return fleetFileSchema.superRefine((file, context) => {
    for (const { path, detail } of findFleetFileFaults(file, defaultRegion)) {
      context.addIssue({ code: 'custom', path: [...path], message: detail });
    }
  });
}

function fault(detail: string): FieldFault {
  return { field: 'FLEET_FILE', detail };
}
