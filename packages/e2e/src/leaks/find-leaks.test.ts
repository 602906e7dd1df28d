import { expect, test } from '@jest/globals';
import { findLeaks } from './find-leaks.ts';

const secret = 'pW4+north/secret "of" 2026';
const leaksIn = (text: string) =>
  findLeaks([{ where: 'the log', text: `before ${text} after` }], [{ name: 'the key', value: secret }]);

test.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify({ a: secret })],
  ['in a URL', `?token=${encodeURIComponent(secret)}`],
  ['in hexadecimal', Buffer.from(secret).toString('hex')],
  ['in capital hexadecimal', Buffer.from(secret).toString('hex').toUpperCase()],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64url', Buffer.from(secret).toString('base64url')],
  ['in base64 after one more byte', Buffer.from(`x${secret}y`).toString('base64')],
  ['in the base64 of Basic authentication', Buffer.from(`us:${secret}`).toString('base64')],
  ['in base64url after two more bytes', Buffer.from(`ab${secret}y`).toString('base64url')],
])('findLeaks finds a secret %s', (_, text) => {
  const found = leaksIn(text);
  expect(found.length).toBeGreaterThan(0);
  expect(new Set(found.map((line) => line.replace(/ \(.*\)/, '')))).toEqual(new Set(['the key in the log']));
});

test.each(['', secret.slice(1), secret.toUpperCase(), Buffer.from(secret.slice(2)).toString('base64')])(
  'findLeaks does not report %j',
  (text) => {
    expect(leaksIn(text)).toEqual([]);
  },
);
