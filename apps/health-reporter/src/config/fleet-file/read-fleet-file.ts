import { readFileSync } from 'node:fs';
import type { FieldFault } from '@turn-router/contract/http';
import { parseYaml } from '@turn-router/settings';
import { faultName } from '../../system/fault-name.ts';
import { findFleetFileFaults } from './find-fleet-file-faults.ts';
import { fleetFileSchema, type FleetFile } from './fleet-file-schema.ts';

export type ReadFleetFile =
  { readonly ok: true; readonly file: FleetFile } | { readonly ok: false; readonly faults: readonly FieldFault[] };

/**
 * Reads FLEET_FILE. Never throws. Returns all faults together, as faults of the setting FLEET_FILE, each with its line.
 *
 * @param defaultRegion the region of nodes without a region; if undefined, every node must have a region
 */
export function readFleetFile(path: string, defaultRegion: string | undefined): ReadFleetFile {
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { ok: false, faults: [fault(`Cannot read ${JSON.stringify(path)} (${faultName(error)})`)] };
  }
  const parsed = parseYaml(text, schemaWithRules(defaultRegion));
  if (parsed.ok) return { ok: true, file: parsed.value };
  return {
    ok: false,
    faults: parsed.faults.map(({ line, field, detail }) =>
      fault(`${path}:${line}: ${field === '' ? '' : `${field}: `}${detail}`),
    ),
  };
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
