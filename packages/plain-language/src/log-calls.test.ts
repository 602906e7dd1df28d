import { describe, expect, test } from '@jest/globals';
import { logCallsOf } from './log-calls.ts';

describe('log calls of a source file', () => {
  test.each([
    ['a literal event', "logger.warn({ event: 'a.b', reason }, 'text');", { level: 'warn', events: ['a.b'] }],
    [
      'an event that a condition chooses',
      "this.log.info({ event: isUp ? 'a.up' : 'a.down' }, 'text');",
      { level: 'info', events: ['a.up', 'a.down'] },
    ],
    ['an event that is computed', "logger.info({ event: name }, 'text');", { level: 'info', events: [] }],
    ['a call without fields', "logger.error('text');", { level: 'error', events: [] }],
  ])('%s', (_name, source, call) => {
    expect(logCallsOf('example.ts', `\n${source}`)).toEqual([{ line: 2, ...call }]);
  });

  test('ignores calls of anything else', () => {
    expect(logCallsOf('example.ts', "console.info('text'); dialog.info('x'); toast.warn('text');")).toEqual([]);
  });
});
