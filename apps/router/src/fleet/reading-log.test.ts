import { expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { createLogger } from '../observe/logger.ts';
import { createReadingLog } from './reading-log.ts';

function openLog() {
  const clock = createManualClock();
  const lines: string[] = [];
  const logger = createLogger('info', {
    write: (line: string) => {
      const { event, count, command }: { event: string; count?: number; command?: string } = JSON.parse(line);
      lines.push([event, count ?? command ?? ''].join(' ').trim());
    },
  });
  const log = createReadingLog('redis-1', logger, clock.now);
  return { log, clock, lines: () => lines.splice(0) };
}

test('records beyond the maximum are logged when they begin and end', () => {
  const { log, lines } = openLog();
  for (const leftOut of [0, 5, 7, 3, 0, 0]) log({ rejected: [], leftOut });
  expect(lines()).toEqual(['registry.records_left_out 5', 'registry.records_complete']);
});

test('a number of records that goes up and down causes two lines a minute', () => {
  const { log, clock, lines } = openLog();
  for (let reading = 0; reading < 240; reading += 1) {
    log({ rejected: [], leftOut: reading % 2 });
    clock.advance(500);
  }
  expect(lines()).toHaveLength(4);
});

test('new invalid records in each reading cause 200 lines a minute', () => {
  const { log, clock, lines } = openLog();
  for (let reading = 0; reading < 240; reading += 1) {
    const rejected = Array.from({ length: 500 }, (_, index) => ({
      name: `turn:node:X${reading}:${index}`,
      reason: 'bad_key' as const,
      detail: 'x',
    }));
    log({ rejected });
    clock.advance(500);
  }
  expect(lines()).toHaveLength(400);
});

test('a refused command is logged once', () => {
  const { log, lines } = openLog();
  log({ rejected: [], refusedCommand: 'PTTL' });
  log({ rejected: [] });
  log({ rejected: [], refusedCommand: 'PTTL' });
  expect(lines()).toEqual(['redis.check_skipped PTTL']);
});
