import type { EventLogger, RouterEvent } from '@turn-router/contract/events';
import { pino, type DestinationStream } from 'pino';

/** The router's log. Its type accepts only lines with a documented event. */
export interface Logger extends EventLogger<RouterEvent> {
  /** Returns a logger that adds these fields to every line. */
  readonly child: (fields: Readonly<Record<string, unknown>>) => Logger;
}

/**
 * Lines are buffered up to this many characters. A write uses a thread of Node's thread pool, which costs as much processor time as making fifty
 * lines.
 */
const bufferMaxChars = 32 * 1024;

/** A write of at most this length to a pipe is atomic (Linux, pipe(7)). Workers share the pipe of their primary. */
const sharedBufferMaxChars = 4096;

/** Longest time that a line waits in the buffer, ms. */
const flushIntervalMs = 100;

/** While nobody reads stdout, at most this many bytes wait, and later lines are lost. Answering callers is more important than log lines. */
const waitingMaxBytes = 8 * 1024 * 1024;

/**
 * Creates a logger that writes JSON lines. The code never logs a secret or a credential on purpose. As a second safeguard, the logger hides
 * secrets, in case a whole request, response or configuration is logged.
 */
export function createLogger(level: string, destination: DestinationStream): Logger {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const makeLineByPino: MakeLine = Reflect.get(logger, pino.symbols.asJsonSym);
  const makeLine: MakeLine = function makeLine(fields, msg, number, time) {
    const shown = hideSecrets(fields);
    const text = isPlainObject(shown) ? jsonOf(shown) : undefined;
    // Pino can write parts of fields that JSON.stringify refuses.
    if (text === undefined) return makeLineByPino.call(this, shown, msg, number, time);
    const own = text === '{}' ? '' : `,${text.slice(1, -1)}`;
    const message = msg === undefined ? '' : `,"msg":${JSON.stringify(msg)}`;
    return `{"level":${number}${time}${this[pino.symbols.chindingsSym]}${own}${message}}\n`;
  };
  Object.defineProperty(logger, pino.symbols.asJsonSym, { value: makeLine });
  return logger;
}

/** A property of pino's loggers that its types lack. It holds the fields of a child logger, as JSON with a comma before each field. */
type ChildFields = { readonly [pino.symbols.chindingsSym]: string };

/**
 * Makes one line. Pino makes a line field by field. A single JSON.stringify makes the same line in a fifth of that time. Making lines took a tenth
 * of the cost of a request.
 *
 * @param time as JSON, with a comma before it
 */
type MakeLine = (
  this: ChildFields,
  fields: Record<string, unknown>,
  msg: string | undefined,
  level: number,
  time: string,
) => string;

/** Whether pino would serialize the value as an error. */
function isLikeError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null;
}

/** Returns the fields as JSON. Returns undefined if the fields have a cycle, a number that JSON lacks, or their own `toJSON`. */
function jsonOf(fields: Record<string, unknown>): string | undefined {
  if ('toJSON' in fields) return undefined;
  try {
    const { err } = fields;
    // JSON.stringify returns an empty object for an error.
    return JSON.stringify(isLikeError(err) ? { ...fields, err: pino.stdSerializers.err(err) } : fields);
  } catch {
    return undefined;
  }
}

/**
 * Returns stdout, which writes several lines at once. The buffering of Pino looks at the whole buffer for each line. Buffered lines are written
 * when the process exits.
 *
 * @param isShared whether other processes write to the same stdout
 */
export function bufferedStdout({ isShared }: { readonly isShared: boolean }): DestinationStream {
  const maxLength = isShared ? sharedBufferMaxChars : bufferMaxChars;
  let lines: string[] = [];
  let length = 0;
  // This is registered before the listener of pino, which writes the lines that it has received.
  process.on('exit', flush);
  const stdout = pino.destination({ dest: 1, sync: false, maxLength: waitingMaxBytes, maxWrite: maxLength });
  setInterval(flush, flushIntervalMs).unref();

  function flush(): void {
    if (lines.length === 0) return;
    stdout.write(lines.join(''));
    lines = [];
    length = 0;
  }

  return {
    write(line) {
      if (length + line.length > maxLength) flush();
      lines.push(line);
      length += line.length;
    },
  };
}

const secretNames = new Set([
  'authorization',
  'cookie',
  'credential',
  'username',
  'secret',
  'password',
  'token',
  'redisUrl',
  'reporterToken',
  'adminTokens',
  'jwtSecret',
]);

/** Maximum depth. It is deeper than any fields that are logged on purpose. It also ends cycles. */
const depthMax = 8;

/**
 * Replaces the value of every field with a secret's name by `[secret]`, at any depth of plain objects and arrays. Other objects, such as errors,
 * stay unchanged. Pino's `redact` is not used, because each of its wildcards covers only one depth, and it costs 35 µs a line. Nearly all lines
 * contain no secret; their fields are not copied.
 */
function hideSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return mustHide(fields, 1) ? withoutSecrets(fields, 1) : fields;
}

function mustHide(fields: object, depth: number): boolean {
  return Object.entries(fields).some(([name, value]) => secretNames.has(name) || mustHideWithin(value, depth));
}

function mustHideWithin(value: unknown, depth: number): boolean {
  return (Array.isArray(value) || isPlainObject(value)) && (depth === depthMax || mustHide(value, depth + 1));
}

function withoutSecrets(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secretNames.has(name) ? '[secret]' : hideWithin(value, depth),
    ]),
  );
}

function hideWithin(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return depth < depthMax ? value.map((item) => hideWithin(item, depth + 1)) : '[deep]';
  if (!isPlainObject(value)) return value;
  return depth < depthMax ? withoutSecrets(value, depth + 1) : '[deep]';
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
