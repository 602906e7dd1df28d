import type { FieldFault } from '@turn-router/contract';
import { readFileSync } from 'node:fs';
import { faultName } from '../fault-name.ts';
import type { Environment } from './parse-settings.ts';
import { settings, type Setting } from './settings.ts';

/** Fills each secret whose `<name>_FILE` names a file with that file's text, without the line end that editors leave. */
export function readSecretFiles(environment: Environment): { environment: Environment; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const filled: Record<string, string | undefined> = { ...environment };
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    const field = `${name}_FILE`;
    const path = environment[field];
    if (!setting.secret || !path) continue;
    if (environment[name]) {
      faults.push({ field, detail: `Set together with ${name}: expected only one of them` });
      continue;
    }
    try {
      filled[name] = readFileSync(path, 'utf8').trim();
      if (filled[name] === '')
        faults.push({ field, detail: `Empty file ${JSON.stringify(path)}: expected ${setting.expected}` });
    } catch (error) {
      faults.push({
        field,
        detail: `Cannot read ${JSON.stringify(path)} (${faultName(error)}): expected a file holding ${name}`,
      });
    }
  }
  return { environment: filled, faults };
}
