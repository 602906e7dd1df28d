import { RegistryError } from '../registry-error.ts';

/**
 * The checks of replies. The types of ioredis say what a server should reply. These functions check what it has replied. All of them throw a
 * RegistryError with the fault `bad_reply`. It names the command, and never the reply.
 */

/** @param detail what is wrong or expected */
export function badReply(detail: string): RegistryError {
  return new RegistryError('refused', `Redis sent an unexpected reply: ${detail}`, { fault: 'bad_reply' });
}

function expected(command: string, what: string): RegistryError {
  return badReply(`expected ${what} from ${command}`);
}

export function textFrom(command: string, reply: unknown): string {
  if (typeof reply !== 'string') throw expected(command, 'a text');
  return reply;
}

/** @returns a whole number of at least `min` */
export function wholeNumberFrom(command: string, reply: unknown, min = 0): number {
  if (typeof reply !== 'number' || !Number.isSafeInteger(reply) || reply < min) {
    throw expected(command, `a whole number of at least ${min}`);
  }
  return reply;
}

/** @returns the reply to SCAN: the next cursor and the keys */
export function scanPageFrom(reply: unknown): readonly [cursor: string, names: readonly string[]] {
  const [cursor, names, ...rest] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (typeof cursor !== 'string' || !/^\d{1,20}$/.test(cursor) || rest.length > 0) {
    throw expected('SCAN', 'a cursor and a list of keys');
  }
  return [cursor, textsFrom('SCAN', names)];
}

/** @returns a list of texts of any length */
export function textsFrom(command: string, reply: unknown): readonly string[] {
  if (!Array.isArray(reply) || !reply.every((each): each is string => typeof each === 'string')) {
    throw expected(command, 'a list of texts');
  }
  return reply;
}

function isValue(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

/** @returns one text for each key; null for a missing key */
export function valuesFrom(command: string, reply: unknown, count: number): (string | null)[] {
  if (!Array.isArray(reply) || reply.length !== count || !reply.every((each) => isValue(each))) {
    throw expected(command, `${count} texts or nulls`);
  }
  return reply;
}

/** @returns the fields of a hash */
export function fieldsFrom(command: string, reply: unknown): Map<string, string> {
  const isHash = typeof reply === 'object' && reply !== null && !Array.isArray(reply);
  const fields: [string, unknown][] = isHash ? Object.entries(reply) : [];
  if (!isHash || !fields.every((field): field is [string, string] => typeof field[1] === 'string')) {
    throw expected(command, 'fields and their texts');
  }
  return new Map(fields);
}

/** Checks the reply to a command that replies OK. */
export function checkOk(command: string, reply: unknown): void {
  if (reply !== 'OK') throw expected(command, 'OK');
}

/** One reply of a pipeline. */
export type PipelineReply = readonly [error: Error | null, result: unknown];

/** @returns one reply for each command of a pipeline */
export function pipelineRepliesFrom(
  command: string,
  replies: readonly PipelineReply[] | null,
  count: number,
): readonly PipelineReply[] {
  if (replies?.length !== count) throw expected(command, `${count} replies`);
  return replies;
}
