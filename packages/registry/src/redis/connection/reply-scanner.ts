/** The limits of one reply. Every larger reply is a fault of the server, or of someone who writes to it. */
export type ReplyLimits = {
  /** The largest reply, bytes, as announced by its headers. */
  readonly bytesMax: number;
  /** The largest number of elements in all arrays of a reply. */
  readonly elementsMax: number;
  /** The largest number of arrays within each other. */
  readonly depthMax: number;
  /**
   * The only replies to accept. A reply is described by the types of its values, without lengths and contents: `*$$:` is an array of two texts and
   * a number. A null and an empty line are `_`. Undefined: any reply is accepted.
   */
  readonly shapes?: ReadonlySet<string>;
};

/** Follows the replies in a stream of bytes. */
export interface ReplyScanner {
  /**
   * Reads the next bytes.
   *
   * @returns the number of replies that end in these bytes
   * @throws RangeError when the bytes are not RESP2, or a reply is larger than the limits
   */
  readonly scan: (chunk: Buffer) => number;
}

/** The longest header of a bulk string or an array. The largest number has 20 digits. */
const headerMax = 32;

/** The longest simple string or error. */
const lineMax = 16 * 1024;

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/**
 * An error that sends a client of a cluster to another node: a slot, a host (which may be empty) and a port
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec, MOVED redirection). ioredis reads the address unchecked.
 */
const redirection = /^-(?:MOVED|ASK)(?: |$)/;
const wholeRedirection = /^-(?:MOVED|ASK) \d{1,5} \S*:(\d{1,5})$/;

/**
 * Reads only the headers of RESP2 replies (https://redis.io/docs/latest/develop/reference/protocol-spec), and skips the content. So it knows the
 * size of a reply before the reply arrives, and costs little.
 */
export function createReplyScanner({ bytesMax, elementsMax, depthMax, shapes }: ReplyLimits): ReplyScanner {
  /** The first bytes of a line whose end has not arrived. */
  let line = '';
  /** The bytes of a bulk string that have not arrived, its CRLF included. */
  let skips = 0;
  /** For each open array, the elements that have not arrived. */
  let open: number[] = [];
  let bytes = 0;
  let elements = 0;
  let shape = '';

  /** Ends a value, and every array whose last element it is. @returns whether the reply has ended */
  function endValue(): boolean {
    while (open.length > 0) {
      const left = (open.pop() ?? 0) - 1;
      if (left > 0) {
        open.push(left);
        return false;
      }
    }
    if (shapes?.has(shape) === false) fail('a reply has another shape than expected');
    bytes = elements = 0;
    shape = '';
    return true;
  }

  /** @returns whether the reply has ended */
  function takeLine(): boolean {
    const type = line.charAt(0);
    const rest = line.slice(1);
    if (redirection.test(line) && !isWholeRedirection(line)) fail('a redirection has no address');
    line = '';
    // A null, or an empty line.
    shape += rest === '' || (rest === '-1' && type !== ':') ? '_' : type;
    if (type === '+' || type === '-') return endValue();
    if (!/^-?\d{1,19}$/.test(rest)) fail('a header has no whole number');
    if (type === ':') return endValue();
    const length = Number(rest);
    if (length < 0) return endValue();
    if (type === '$') {
      bytes += length;
      if (bytes > bytesMax) fail(`a reply has more than ${bytesMax} bytes`);
      skips = length + 2;
      return false;
    }
    elements += length;
    if (elements > elementsMax) fail(`a reply has more than ${elementsMax} elements`);
    if (length === 0) return endValue();
    if (open.length >= depthMax) fail(`a reply has more than ${depthMax} nested arrays`);
    open.push(length);
    return false;
  }

  return {
    scan(chunk) {
      let ended = 0;
      let at = 0;
      while (at < chunk.length) {
        if (skips > 0) {
          const skipped = Math.min(skips, chunk.length - at);
          skips -= skipped;
          at += skipped;
          if (skips === 0 && endValue()) ended += 1;
          continue;
        }
        const end = chunk.indexOf(lineFeed, at);
        const until = end < 0 ? chunk.length : end;
        const max = line === '' ? maxOf(chunk[at]) : maxOf(line.codePointAt(0));
        if (max === undefined) fail('a reply has an unknown type');
        if (line.length + until - at > (max ?? 0)) fail('a line of a reply is too long');
        line += chunk.toString('latin1', at, until);
        at = until + 1;
        if (end < 0) break;
        if (line.codePointAt(line.length - 1) !== carriageReturn) fail('a line of a reply has no end');
        line = line.slice(0, -1);
        if (takeLine()) ended += 1;
      }
      return ended;
    },
  };
}

/** @returns the longest line of a value, by the first byte of the value; undefined for an unknown type */
function maxOf(type: number | undefined): number | undefined {
  switch (String.fromCodePoint(type ?? 0)) {
    case '+':
    case '-':
      return lineMax;
    case ':':
    case '$':
    case '*':
      return headerMax;
    default:
      return undefined;
  }
}

function isWholeRedirection(line: string): boolean {
  const port = Number(wholeRedirection.exec(line)?.[1]);
  return port >= 1 && port <= 65_535;
}

function fail(detail: string): never {
  throw new RangeError(detail);
}
