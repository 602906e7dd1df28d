import { styleText } from 'node:util';

/** An output stream of the process or of a test. */
export interface TextStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Defined only on terminals. The result depends on NO_COLOR, FORCE_COLOR and TERM. */
  readonly hasColors?: (() => boolean) | undefined;
  readonly write: (text: string) => unknown;
}

/** The parts of the process that commands use. */
export type Terminal = {
  readonly stdout: TextStream;
  readonly stderr: NodeJS.WritableStream & TextStream;
  /** Monotonic time, ms. */
  readonly nowMs: () => number;
  /** Unix time, ms. */
  readonly unixMs: () => number;
  /** Returns user and host: `<user>@<host>`. */
  readonly who: () => string;
  /** Cryptographically secure random bytes. */
  readonly randomBytes: (size: number) => Buffer;
};

type Style = 'bold' | 'dim' | 'green' | 'red';
/** Applies a style to a text if the stream supports colours. */
export type Paint = (style: Style, text: string) => string;

export function paintFor(stream: TextStream): Paint {
  const hasColors = stream.isTTY === true && stream.hasColors?.() === true;
  return (style, text) => (hasColors && text !== '' ? styleText(style, text, { validateStream: false }) : text);
}
