import { eventually, type RunningProcess } from '@turn-router/testing';

type LogLine = { readonly event: string } & Readonly<Record<string, unknown>>;

/** Returns the log lines of a program that have this event. */
function linesOf({ output }: Pick<RunningProcess, 'output'>, event: string): LogLine[] {
  return output()
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`) && line.endsWith('}'))
    .map((line): LogLine => JSON.parse(line));
}

/**
 * Waits for lines of an event, by default for the first one. A program may write a line later than it shows the same change elsewhere, because it buffers
 * its log.
 */
export function untilLogged(
  program: Pick<RunningProcess, 'output'>,
  event: string,
  isEnough: (lines: readonly LogLine[]) => boolean = ({ length }) => length > 0,
): Promise<readonly LogLine[]> {
  return eventually(`the event ${event} in the log`, () => {
    const lines = linesOf(program, event);
    return isEnough(lines) && lines;
  });
}
