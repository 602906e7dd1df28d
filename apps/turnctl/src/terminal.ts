import { styleText } from 'node:util';

/** Where people read: one of the process's output streams, or a test's. */
export interface TextStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Of terminals: heeds NO_COLOR, FORCE_COLOR and TERM. */
  readonly hasColors?: (() => boolean) | undefined;
  readonly write: (text: string) => unknown;
}

/** What a command may touch of the process that runs it. */
export type Terminal = {
  readonly stdout: TextStream;
  readonly stderr: NodeJS.WritableStream & TextStream;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Unix time, ms. */
  readonly unixMs: () => number;
  /** Who runs the command, and where: `<user>@<host>`. */
  readonly who: () => string;
  /** Such as nobody can guess. */
  readonly randomBytes: (size: number) => Buffer;
};

type Style = 'bold' | 'dim' | 'green' | 'red';
/** Puts a style around text, or nothing where the stream shows none. */
export type Paint = (style: Style, text: string) => string;

export function paintFor(stream: TextStream): Paint {
  const hasColors = stream.isTTY === true && stream.hasColors?.() === true;
  return (style, text) => (hasColors && text !== '' ? styleText(style, text, { validateStream: false }) : text);
}
