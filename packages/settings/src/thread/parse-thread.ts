import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { parsers, type Parsers } from './parsers.ts';

export type ThreadInput = { readonly kind: keyof Parsers; readonly text: string };

// On Linux, each thread has its own priority, and 0 names this thread. It must not delay the thread that answers callers.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

const input: ThreadInput = workerData;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, which has no origin
parentPort?.postMessage(parsers[input.kind](input.text));
