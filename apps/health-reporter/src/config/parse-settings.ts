import type { FieldFault } from '@turn-router/contract';
import type { z } from 'zod';
import { settings, type Setting, type SettingName } from './settings.ts';

type ValueOf<S> = S extends { schema: infer Schema extends z.ZodType }
  ? S extends { default: string } | { required: true }
    ? z.output<Schema>
    : z.output<Schema> | undefined
  : never;

export type SettingValues = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> };

/** The names and texts of a process's environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Each setting read alone, valid ones in `values`; an empty text counts as unset. No fault holds the value of a secret. */
export function parseSettings(environment: Environment): { values: Partial<SettingValues>; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [field, setting] of Object.entries<Setting>(settings)) {
    const text = environment[field] || setting.default;
    if (text === undefined) {
      if (setting.required) faults.push({ field, detail: `Missing: expected ${setting.expected}` });
      continue;
    }
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[field] = parsed.data;
    else faults.push({ field, detail: `Invalid value${shown(text, setting)}: expected ${setting.expected}` });
  }
  return { values, faults };
}

/** Whether everything that is required or has a default is there, as it is where no fault was found. */
export function isComplete(values: Partial<SettingValues>): values is SettingValues {
  const present = new Set(Object.keys(values));
  return Object.entries<Setting>(settings).every(
    ([name, { required, default: fallback }]) => present.has(name) || (!required && fallback === undefined),
  );
}

function shown(text: string, { secret, hidden }: Setting): string {
  return secret || hidden ? '' : ` ${JSON.stringify(text.slice(0, 64))}`;
}
