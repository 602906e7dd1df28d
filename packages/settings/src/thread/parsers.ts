import { z } from 'zod';
import { parsePolicy } from '../parse-policy.ts';
import { parseYaml, type ParsedYaml } from '../parse-yaml.ts';

/** The kinds of documents that are parsed without blocking, with the value that each returns. */
export const parsers = {
  policy: parsePolicy,
  /** A map of names to records. Each record is returned as JSON. */
  records(text: string): ParsedYaml<ReadonlyMap<string, string>> {
    const parsed = parseYaml(text, z.record(z.string(), z.unknown()));
    if (!parsed.ok) return parsed;
    return {
      ok: true,
      value: new Map(Object.entries(parsed.value).map(([id, record]) => [id, JSON.stringify(record)])),
    };
  },
};

export type Parsers = typeof parsers;
