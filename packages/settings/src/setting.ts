import type { z } from 'zod';

/** One environment variable: its schema, its default and its description. */
export type Setting = {
  /** Describes the effect of the setting, its unit, and the cost of changing it. Has no full stop at the end. */
  readonly meaning: string;
  /** The valid values. The text follows the word "expected" in a fault. */
  readonly expected: string;
  readonly schema: z.ZodType<unknown, string>;
  readonly default?: string;
  readonly required?: true;
  /** The value is never shown. It can also come from a file: the variable `<name>_FILE` has the path of this file. */
  readonly secret?: true;
  /** A valid value is not secret. But an invalid value may contain a secret, so faults do not show the value. */
  readonly hidden?: true;
  /** Explains an invalid value, for example with the value to write instead. The fault ends with this text. Not used for secrets. */
  readonly explain?: (text: string) => string | undefined;
  /** Returns why a valid secret may differ from what the operator meant, and the remedy. The text never contains the secret. */
  readonly doubt?: (text: string) => string | undefined;
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
