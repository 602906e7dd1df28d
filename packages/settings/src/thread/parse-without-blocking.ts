import { Worker } from 'node:worker_threads';
import type { ParsedPolicy } from '../parse-policy.ts';
import type { FileFault, ParsedYaml } from '../parse-yaml.ts';
import type { ThreadInput } from './parse-thread.ts';
import { parsers } from './parsers.ts';

/** Longest time to parse a text, ms. 1 MiB of valid YAML takes a few seconds. */
const deadlineMs = 60_000;

/** Largest heap of the thread. 1 MiB of YAML needs less than a third of it. */
const heapMaxMb = 512;

/** The text could not be parsed for a reason outside the text, such as a lack of memory or time. */
export class ParseThreadError extends Error {
  override readonly name = 'ParseThreadError';
}

/**
 * Longest text that is parsed at once, characters. It takes some milliseconds, whatever it contains. To start a thread costs 0.2 s of CPU, and most
 * policies are short.
 */
const shortTextMax = 4_096;

/**
 * Parses a policy so that no text blocks the event loop of a running router: a long one in a thread of its own.
 *
 * @throws ParseThreadError
 */
export async function parsePolicyWithoutBlocking(text: string): Promise<ParsedPolicy> {
  return text.length <= shortTextMax ? parsers.policy(text) : parseInThread<ParsedPolicy>({ kind: 'policy', text });
}

/**
 * Parses a YAML map of names to records so that no text blocks the event loop: a long one in a thread of its own. Returns each record as JSON.
 *
 * @throws ParseThreadError
 */
export async function parseRecordsWithoutBlocking(text: string): Promise<ParsedYaml<ReadonlyMap<string, string>>> {
  return text.length <= shortTextMax
    ? parsers.records(text)
    : parseInThread<ParsedYaml<ReadonlyMap<string, string>>>({ kind: 'records', text });
}

type Outcome = { readonly ok: true } | { readonly ok: false; readonly faults: readonly FileFault[] };

function parseInThread<Result extends Outcome>(input: ThreadInput): Promise<Result> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) =>
      reject(new ParseThreadError(`cannot be parsed at the moment: ${why}`, { cause }));
    const worker = new Worker(new URL('parse-thread.js', import.meta.url), {
      workerData: input,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMaxMb },
    });
    const timer = setTimeout(() => {
      fail(`not finished after ${deadlineMs / 1000} s`);
      void worker.terminate();
    }, deadlineMs);
    worker.once('message', (result: Result) => resolve(result));
    worker.once('error', (error) => fail(error.message, error));
    worker.once('exit', () => {
      clearTimeout(timer);
      fail('the thread has ended');
    });
  });
}
