import { describe, expect, test } from '@jest/globals';
import { pino, type Logger as PinoLogger } from 'pino';
import { createLogger } from './logger.ts';

/** The lines that are written when these calls are made, whatever fields they have: pino's own type allows any. */
function linesOf(log: (logger: PinoLogger) => void, level = 'info'): string[] {
  const lines: string[] = [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the logger is pino's, whose type is wider
  log(createLogger(level, { write: (line) => void lines.push(line) }) as PinoLogger);
  return lines;
}

describe('the log', () => {
  test('writes one JSON object per line, with the time and without process id', () => {
    const [line = ''] = linesOf((logger) => logger.info({ region: 'eu-central-1' }, 'request'));
    expect(JSON.parse(line)).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      region: 'eu-central-1',
      msg: 'request',
    });
    expect(line.endsWith('}\n')).toBe(true);
  });

  test('omits lines below its level', () => {
    expect(linesOf((logger) => logger.info('quiet'), 'warn')).toEqual([]);
    expect(linesOf((logger) => logger.fatal('quiet'), 'silent')).toEqual([]);
  });

  test('writes the same line as pino for any fields', () => {
    const circle: Record<string, unknown> = { region: 'eu-central-1' };
    circle['self'] = circle;
    const withCircle = Object.assign(new Error('refused'), { request: circle });
    const logged: [fields: object, message?: string][] = [
      [
        { a: 1, b: 'x"\n', c: [1, { d: true }], e: undefined, f: null, g: Number.NaN, h: () => 1, i: new Date(0) },
        'all',
      ],
      [{}, 'nothing but words'],
      [{ only: 'fields' }],
      [new TypeError('upside down')],
      [{ err: new Error('outer', { cause: new Error('inner') }), status: 500 }, 'failed'],
      [{ err: { message: 'like an error' } }, 'failed'],
      [{ err: 'words', status: 500 }, 'failed'],
      [{ requestId: 'R', err: withCircle }, 'failed'],
      [{ big: 1n, small: 2 }, 'counted'],
      [{ toJSON: () => 'other', a: 1 }, 'of its own'],
      [[1, 2], 'a list'],
      [new Date(0), 'a time'],
    ];
    for (const [fields, message] of logged) {
      const pinos: string[] = [];
      const plain = pino({ base: null, timestamp: false }, { write: (line) => void pinos.push(line) });
      const children = { pinos: plain.child({ worker: 2 }), ours: (log: PinoLogger) => log.child({ worker: 2 }) };
      plain.warn(fields, message);
      children.pinos.warn(fields, message);
      const ours = linesOf((logger) => {
        logger.warn(fields, message);
        children.ours(logger).warn(fields, message);
      });
      expect(ours.map((line) => line.replace(/,"time":"[^"]*"/, ''))).toEqual(pinos);
    }
  });

  test('writes what it can of fields with a cycle', () => {
    const circle: Record<string, unknown> = { region: 'eu-central-1' };
    circle['self'] = circle;
    const [line = ''] = linesOf((logger) => logger.info(circle, 'request'));
    expect(JSON.parse(line)).toMatchObject({
      region: 'eu-central-1',
      self: { region: 'eu-central-1' },
      msg: 'request',
    });
  });

  test('keeps a value with a line break on one line', () => {
    const [line = ''] = linesOf((logger) => logger.info({ callId: 'a\n{"level":30}' }, 'request'));
    expect(line.trimEnd()).not.toContain('\n');
  });

  const hushed = 'hush-hush-hush';
  test.each<[what: string, logged: object]>([
    ['a credential', { credential: hushed }],
    ['a username', { username: hushed }],
    ['an ICE server', { server: { urls: [], username: hushed, credential: hushed } }],
    ['a list of ICE servers', { iceServers: [{ urls: [], username: hushed, credential: hushed }] }],
    ['a whole answer', { answer: { iceServers: [{ urls: [], username: hushed, credential: hushed }] } }],
    ['headers', { headers: { authorization: hushed, cookie: hushed } }],
    ['a whole request', { req: { headers: { authorization: hushed, cookie: hushed } } }],
    ['a key ring', { keyRing: { keys: [{ id: 'a', secret: hushed }] } }],
    ['the secrets of the configuration', { secrets: { keyRing: { keys: [{ id: 'a', secret: hushed }] } } }],
    ['the tokens of the configuration', { secrets: { redisUrl: hushed, reporterToken: hushed } }],
    ['a password and a token', { redis: { password: hushed }, token: hushed }],
  ])('hides %s', (_what, logged) => {
    const [line = ''] = linesOf((logger) => logger.info(logged, 'here'));
    expect(line).toContain('[secret]');
    expect(line).not.toContain(hushed);
  });

  test('writes all other fields unchanged, including errors with their stack and cycles', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const at = new Date('2026-11-21T08:00:00Z');
    const [line = ''] = linesOf((logger) =>
      logger.error({ nodes: ['eu-central-1/node-01'], none: null, share: 0.5, at, circle, err: new Error('broken') }),
    );
    expect(JSON.parse(line)).toMatchObject({
      nodes: ['eu-central-1/node-01'],
      none: null,
      share: 0.5,
      at: '2026-11-21T08:00:00.000Z',
      err: { type: 'Error', message: 'broken', stack: expect.stringContaining('logger.test.ts') },
    });
    expect(line).toContain('[deep]');
  });
});
