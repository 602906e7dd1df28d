import type { EventLogger, RouterEvent } from '@turn-router/contract/events';
import { pino, type DestinationStream } from 'pino';

/** The router's log. Its type refuses a line without a documented event. */
export interface Logger extends EventLogger<RouterEvent> {
  /** Returns a logger that adds these fields to every line. */
  readonly child: (fields: Readonly<Record<string, unknown>>) => Logger;
}

/**
 * Lines are gathered until there are so many characters of them. A write takes a turn of Node's thread pool, which costs as much processor
 * time as making fifty lines.
 */
const pieceLength = 32 * 1024;

/** A write of at most this length to a pipe stays in one piece (Linux, pipe(7)). Workers share the pipe of their primary. */
const sharedPieceLength = 4096;

/** A line waits at most this long for others to be written with it, ms. */
const flushIntervalMs = 100;

/** When nobody reads the lines, this many bytes wait; later lines are lost. Callers matter more than their log lines. */
const waitingMaxBytes = 8 * 1024 * 1024;

/**
 * JSON lines on stdout. Nobody hands it a secret or a credential; hiding them is the second lock, for the day somebody logs a whole
 * request, answer or configuration.
 */
export function createLogger(level: string, destination: DestinationStream): Logger {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const pinosOwn: MakeLine = Reflect.get(logger, pino.symbols.asJsonSym);
  const makeLine: MakeLine = function makeLine(fields, msg, number, time) {
    const shown = hideSecrets(fields);
    const text = isPlainObject(shown) ? textOf(shown) : undefined;
    // What JSON.stringify cannot write, pino writes as far as it goes.
    if (text === undefined) return pinosOwn.call(this, shown, msg, number, time);
    const own = text === '{}' ? '' : `,${text.slice(1, -1)}`;
    const message = msg === undefined ? '' : `,"msg":${JSON.stringify(msg)}`;
    return `{"level":${number}${time}${this[pino.symbols.chindingsSym]}${own}${message}}\n`;
  };
  Object.defineProperty(logger, pino.symbols.asJsonSym, { value: makeLine });
  return logger;
}

/** What pino keeps of a logger that its types do not show: the fields of a child logger, as JSON with a comma before each. */
type ChildFields = { readonly [pino.symbols.chindingsSym]: string };

/**
 * Makes one line. Pino makes it field by field; one JSON.stringify makes the same line in a fifth of the time, which was a tenth of each
 * answer.
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

/** An error, or what pino takes for one by its message. */
function isLikeError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null;
}

/** As JSON; undefined when that is not possible: a circle, a number that JSON does not have, a `toJSON` of its own. */
function textOf(fields: Record<string, unknown>): string | undefined {
  if ('toJSON' in fields) return undefined;
  try {
    const { err } = fields;
    // An error has no fields of its own for JSON to show.
    return JSON.stringify(isLikeError(err) ? { ...fields, err: pino.stdSerializers.err(err) } : fields);
  } catch {
    return undefined;
  }
}

/**
 * Stdout, several lines a write. Pino's own gathering looks at all that it has gathered at each line. What still waits is written when the
 * process exits.
 *
 * @param isShared whether other processes write to the same stdout
 */
export function gatheredStdout({ isShared }: { readonly isShared: boolean }): DestinationStream {
  const maxLength = isShared ? sharedPieceLength : pieceLength;
  let lines: string[] = [];
  let length = 0;
  // Before pino's own listener, which writes out what it was handed.
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

/** Deeper than anything that is logged on purpose; also ends circles. */
const depthMax = 8;

/**
 * The fields, with `[secret]` in place of every value of a secret's name, at any depth of plain objects and arrays; other objects, such as
 * errors, stay as they are. Done here rather than by pino's `redact`, whose wildcards reach one depth each and cost 35 µs a line. Nearly
 * every line holds no secret, and then nothing is copied.
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
