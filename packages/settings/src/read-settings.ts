import type { FieldFault } from '@turn-router/contract/http';
import { readSecretFiles } from './read-secret-files.ts';
import type { Environment, Setting, Settings, SettingValues } from './setting.ts';
import { findStrayCharacters, hasQuotes, isParsed } from './stray-characters.ts';

export type ReadSettings<Config> =
  | {
      readonly ok: true;
      readonly config: Config;
      /** Valid secrets that probably contain stray characters, such as quotes around the value. */
      readonly warnings: readonly FieldFault[];
    }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

/** Converts the settings of a program to its configuration, or returns faults. */
export type SettingsReader<S extends Settings, Config> = {
  readonly settings: S;
  /** Checks rules between settings. `given` contains the names of all settings that are set, including invalid settings. */
  readonly findFaults: (values: Partial<SettingValues<S>>, given: ReadonlySet<string>) => FieldFault[];
  /** Called only if there are no faults. */
  readonly configFrom: (values: SettingValues<S>) => Config;
};

/**
 * Reads a program's settings from its environment and from the files that the environment names. Returns all faults at once. A fault never contains
 * the value of a secret. An empty string counts as unset. Blanks around a value are removed, except around a secret.
 */
export function readSettings<S extends Settings, Config>(
  { settings, findFaults, configFrom }: SettingsReader<S, Config>,
  environment: Environment,
): ReadSettings<Config> {
  const filled = readSecretFiles(settings, environment);
  const alone = parseEach(settings, filled.environment);
  const faults = [
    ...filled.faults,
    ...alone.faults,
    ...findFaults(alone.values, findGivenNames(settings, environment)),
  ];
  return faults.length === 0 && isComplete(settings, alone.values)
    ? { ok: true, config: configFrom(alone.values), warnings: findStraySecrets(settings, filled.environment) }
    : { ok: false, faults: faults.map((fault) => withCause(fault, settings, filled.environment)) };
}

/** Adds the probable cause of a fault, if the value has stray characters. */
function withCause({ field, detail }: FieldFault, settings: Settings, environment: Environment): FieldFault {
  const text = environment[field] ?? '';
  const cause = findStrayCharacters(field, text) ?? settings[field]?.doubt?.(text);
  return { field, detail: cause === undefined ? detail : `${detail}. ${cause}` };
}

/** A secret may contain any characters, so a stray character is no fault. */
function findStraySecrets(settings: Settings, environment: Environment): FieldFault[] {
  return Object.keys(settings).flatMap((field) => {
    const text = environment[field];
    const setting = settings[field];
    if (!setting?.secret || !text || isParsed(text)) return [];
    // A list of named secrets, id=secret, may have quotes around each secret.
    const values = [text, ...text.split(',').map((entry) => entry.slice(entry.indexOf('=') + 1))];
    const strays = values.map((value) => findStrayCharacters(field, value));
    const detail = strays.find((cause) => cause !== undefined) ?? setting.doubt?.(text);
    return detail === undefined ? [] : [{ field, detail }];
  });
}

/** Returns the names of the settings that are set, directly or through a file. If the file of a secret cannot be read, the secret counts as set, so it is
 * not reported as missing too. */
function findGivenNames(settings: Settings, environment: Environment): Set<string> {
  const isInFile = (name: string) => settings[name]?.secret && environment[`${name}_FILE`];
  return new Set(Object.keys(settings).filter((name) => environment[name] || isInFile(name)));
}

/** Returns a fault unless exactly one of two settings is set. */
export function findChoiceFault(given: ReadonlySet<string>, first: string, second: string): FieldFault[] {
  if (given.has(first) !== given.has(second)) return [];
  return given.has(first)
    ? [{ field: second, detail: `Cannot be combined with ${first}: set only one of them` }]
    : [{ field: first, detail: `Missing: expected ${first} or ${second}` }];
}

function parseEach<S extends Settings>(
  settings: S,
  environment: Environment,
): { values: Partial<SettingValues<S>>; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const values: Partial<Record<keyof S, unknown>> = {};
  for (const [field, setting] of Object.entries(settings)) {
    const given = environment[field];
    const text = (setting.secret ? given : given?.trim()) || given || setting.default;
    if (text === undefined) {
      if (setting.required) faults.push({ field, detail: `Missing: expected ${setting.expected}` });
      continue;
    }
    const parsed = setting.schema.safeParse(text);
    // No setting has quotes around its value, so the quotes come from an environment file.
    if (parsed.success && (setting.secret || !hasQuotes(text))) Object.assign(values, { [field]: parsed.data });
    else faults.push({ field, detail: describeFault(given ?? text, setting) });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value comes from its setting's schema, whose output type SettingValues uses
  return { values: values as Partial<SettingValues<S>>, faults };
}

/** Whether every setting with a default and every required setting has a value. Always true if there were no faults. */
function isComplete<S extends Settings>(settings: S, values: Partial<SettingValues<S>>): values is SettingValues<S> {
  return Object.entries(settings).every(
    ([name, { required, default: fallback }]) => Object.hasOwn(values, name) || (!required && fallback === undefined),
  );
}

function describeFault(text: string, setting: Setting): string {
  const explanation = setting.secret ? undefined : setting.explain?.(text);
  const fault = `Invalid value${quotedUnlessSecret(text, setting)}: expected ${setting.expected}`;
  return explanation === undefined ? fault : `${fault}. ${explanation}`;
}

function quotedUnlessSecret(text: string, { secret, hidden }: Setting): string {
  return secret || hidden ? '' : ` ${JSON.stringify(text.slice(0, 64))}`;
}
