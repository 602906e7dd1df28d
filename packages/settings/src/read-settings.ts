import type { FieldFault } from '@turn-router/contract/http';
import { readSecretFiles } from './read-secret-files.ts';
import type { Environment, Setting, Settings, SettingValues } from './setting.ts';

export type ReadSettings<Config> =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly faults: readonly FieldFault[] };

/** What a program makes of its settings: faults between them, or its configuration. */
export type SettingsReader<S extends Settings, Config> = {
  readonly settings: S;
  /** Everything that settings must keep among themselves; `given` holds the names that are set, rightly or not. */
  readonly findFaults: (values: Partial<SettingValues<S>>, given: ReadonlySet<string>) => FieldFault[];
  /** Called only when there is no fault. */
  readonly configFrom: (values: SettingValues<S>) => Config;
};

/**
 * Reads a program's settings from its environment and the files that it names. All faults come back at once; none holds the value of a
 * secret. An empty text counts as unset.
 */
export function readSettings<S extends Settings, Config>(
  { settings, findFaults, configFrom }: SettingsReader<S, Config>,
  environment: Environment,
): ReadSettings<Config> {
  const filled = readSecretFiles(settings, environment);
  const alone = parseEach(settings, filled.environment);
  const faults = [...filled.faults, ...alone.faults, ...findFaults(alone.values, namesGiven(settings, environment))];
  return faults.length === 0 && isComplete(settings, alone.values)
    ? { ok: true, config: configFrom(alone.values) }
    : { ok: false, faults };
}

/** Those that are set, in their file as well: a secret whose file cannot be read is not missing, too. */
function namesGiven(settings: Settings, environment: Environment): Set<string> {
  const isInFile = (name: string) => settings[name]?.secret && environment[`${name}_FILE`];
  return new Set(Object.keys(settings).filter((name) => environment[name] || isInFile(name)));
}

/** A fault for each pair of settings of which exactly one is expected. */
export function findChoiceFault(given: ReadonlySet<string>, first: string, second: string): FieldFault[] {
  if (given.has(first) !== given.has(second)) return [];
  return given.has(first)
    ? [{ field: second, detail: `Set together with ${first}: expected only one of them` }]
    : [{ field: first, detail: `Missing: expected ${first} or ${second}` }];
}

function parseEach<S extends Settings>(
  settings: S,
  environment: Environment,
): { values: Partial<SettingValues<S>>; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const values: Partial<Record<keyof S, unknown>> = {};
  for (const [field, setting] of Object.entries(settings)) {
    const text = environment[field] || setting.default;
    if (text === undefined) {
      if (setting.required) faults.push({ field, detail: `Missing: expected ${setting.expected}` });
      continue;
    }
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) Object.assign(values, { [field]: parsed.data });
    else faults.push({ field, detail: `Invalid value${shown(text, setting)}: expected ${setting.expected}` });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value came from its own schema, as SettingValues says
  return { values: values as Partial<SettingValues<S>>, faults };
}

/** Whether everything that is required or has a default is there, as it is where no fault was found. */
function isComplete<S extends Settings>(settings: S, values: Partial<SettingValues<S>>): values is SettingValues<S> {
  return Object.entries(settings).every(
    ([name, { required, default: fallback }]) => Object.hasOwn(values, name) || (!required && fallback === undefined),
  );
}

function shown(text: string, { secret, hidden }: Setting): string {
  return secret || hidden ? '' : ` ${JSON.stringify(text.slice(0, 64))}`;
}
