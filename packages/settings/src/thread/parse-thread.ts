import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { parsePolicy } from '../parse-policy.ts';
import { parseYaml, type ParsedYaml } from '../parse-yaml.ts';

/** The kinds of documents that a thread parses, with the value that it returns. */
const parsers = {
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
export type ThreadInput = { readonly kind: keyof Parsers; readonly text: string };

// On Linux, each thread has its own priority, and 0 names this thread. It must not delay the thread that answers callers.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

const input: ThreadInput = workerData;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, which has no origin
parentPort?.postMessage(parsers[input.kind](input.text));
