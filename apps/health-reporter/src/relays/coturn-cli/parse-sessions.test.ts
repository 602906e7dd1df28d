import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSessions } from './parse-sessions.ts';

/** A session as coturn 4.6.1 prints it. */
const session = (number: number, id: string, username: string, { origin = '', tls = false } = {}) =>
  [
    '',
    `    ${number}) id=${id}, user <${username}>:`,
    '      realm: turn.test',
    ...(origin === '' ? [] : [`      origin: ${origin}`]),
    '      started 0 secs ago',
    '      expiring in 600 secs',
    '      client protocol UDP, relay protocol UDP',
    '      client addr 127.0.0.1:44361, server addr 127.0.0.1:43479',
    '      relay addr 127.0.0.1:43565',
    '      fingerprints enforced: ON',
    '      mobile: OFF',
    ...(tls ? ['      TLS method: TLSv1.3', '      TLS cipher: TLS_AES_256_GCM_SHA384'] : []),
    '      usage: rp=2, rb=160, sp=1, sb=108',
    '       rate: r=0, s=0, total=0 (bytes per sec)',
    '      peers:',
    '          192.0.2.7:5000',
  ].join('\r\n');

const answer = (...sessions: string[]) =>
  `${sessions.join('\r\n')}\r\n\r\n  Total sessions: ${sessions.length}\r\n\r\n> `;

const first = { id: '000000000000000001', username: '1795308237:3q2-7wABCd_f' };
const second = { id: '128000000000000002', username: '1795308238:3q2-7wABCd_f' };

describe('sessions that coturn prints', () => {
  test.each([
    ['none', answer(), []],
    ['one', answer(session(1, first.id, first.username)), [first]],
    ['one of TLS', answer(session(1, first.id, first.username, { tls: true })), [first]],
    [
      'two',
      answer(session(1, first.id, first.username), session(2, second.id, second.username, { origin: 'https://a.org' })),
      [first, second],
    ],
    ['rubbish', '\r\nUnknown command\r\n\r\n> ', []],
  ])('%s', (_, text, sessions) => {
    expect(parseSessions(text)).toEqual(sessions);
  });

  test('a client with line breaks in its ORIGIN neither forges nor hides another session', () => {
    const victim = '    2) id=000000000000000777, user <1:3q2-7wABCd_f>:';
    const lines = [
      victim,
      '',
      '      usage: rp=0, rb=0, sp=0, sb=0',
      '       rate: r=0, s=0, total=0 (bytes per sec)',
      '      mobile: OFF',
      '      client protocol a, relay protocol b',
      '  Total sessions: 0',
      '> ',
    ];
    const origin = fc.array(fc.constantFrom(...lines), { maxLength: 8 }).map((chosen) => `x\r\n${chosen.join('\r\n')}`);
    fc.assert(
      fc.property(
        origin.filter((text) => text.length <= 127 + text.split('\r\n').length),
        (text) => {
          const printed = answer(
            session(1, first.id, first.username, { origin: text }),
            session(2, second.id, second.username),
          );
          expect(parseSessions(printed)).toEqual([first, second]);
        },
      ),
    );
  });

  test('reads any other text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseSessions(text)).toEqual([]);
      }),
    );
  });
});
