import type { z } from 'zod';

/** One environment variable: its schema, its default and its description. */
export type Setting = {
  /** Describes its effect, its unit and the cost of changing it. Without a full stop at the end. */
  readonly meaning: string;
  /** Completes "expected …" in a fault. */
  readonly expected: string;
  readonly schema: z.ZodType<unknown, string>;
  readonly default?: string;
  readonly required?: true;
  /** Its value is never shown. It can also come from the file that `<name>_FILE` names. */
  readonly secret?: true;
  /** A valid value is no secret, but an invalid one may contain one. Faults therefore do not show it. */
  readonly hidden?: true;
};

export type Settings = Readonly<Record<string, Setting>>;

type ValueOf<S> = S extends { schema: infer Schema extends z.ZodType }
  ? S extends { default: string } | { required: true }
    ? z.output<Schema>
    : z.output<Schema> | undefined
  : never;

/** The parsed values of valid settings. */
export type SettingValues<S extends Settings> = { readonly [Name in keyof S]: ValueOf<S[Name]> };

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;
