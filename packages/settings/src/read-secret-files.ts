import { readFileSync } from 'node:fs';
import type { FieldFault } from '@turn-router/contract/http';
import type { Environment, Settings } from './setting.ts';

/** Reads each secret whose variable `<name>_FILE` has the path of a file. Removes white space at the start and the end, such as the last line break. */
export function readSecretFiles(
  settings: Settings,
  environment: Environment,
): { environment: Environment; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const filled: Record<string, string | undefined> = { ...environment };
  for (const [name, setting] of Object.entries(settings)) {
    const field = `${name}_FILE`;
    const path = environment[field];
    if (!setting.secret || !path) continue;
    if (environment[name]) {
      faults.push({ field, detail: `Cannot be combined with ${name}: set only one of them` });
      continue;
    }
    const file = JSON.stringify(path);
    try {
      filled[name] = readFileSync(path, 'utf8').trim();
      if (filled[name] === '')
        faults.push({ field, detail: `The file ${file} is empty: expected ${setting.expected}` });
    } catch (error) {
      faults.push({
        field,
        detail: `Cannot read ${file} (${systemCode(error)}): expected a readable file with the value of ${name}`,
      });
    }
  }
  return { environment: filled, faults };
}

function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
}
