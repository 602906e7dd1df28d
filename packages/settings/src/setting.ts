import type { z } from 'zod';

/** One environment variable, said once: its reader, its default and what people are told of it. */
export type Setting = {
  /** For people: what it does, its unit, what turning it costs. */
  readonly meaning: string;
  /** Completes "expected …" in a fault. */
  readonly expected: string;
  readonly schema: z.ZodType<unknown, string>;
  readonly default?: string;
  readonly required?: true;
  /** Its value is never shown, and may stand in the file that `<name>_FILE` names. */
  readonly secret?: true;
  /** No secret when it is right, but a wrong value may hold one, so that it is not shown either. */
  readonly hidden?: true;
};

export type Settings = Readonly<Record<string, Setting>>;

type ValueOf<S> = S extends { schema: infer Schema extends z.ZodType }
  ? S extends { default: string } | { required: true }
    ? z.output<Schema>
    : z.output<Schema> | undefined
  : never;

/** What the settings say once all are valid. */
export type SettingValues<S extends Settings> = { readonly [Name in keyof S]: ValueOf<S[Name]> };

/** The names and texts of a process's environment. */
export type Environment = Readonly<Record<string, string | undefined>>;
