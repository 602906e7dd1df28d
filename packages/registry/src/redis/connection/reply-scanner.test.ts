import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createReplyScanner } from './reply-scanner.ts';

const limits = { bytesMax: 1_000, elementsMax: 100, depthMax: 3 };
const scan = (...chunks: string[]) => {
  const scanner = createReplyScanner(limits);
  return chunks.reduce((ended, chunk) => ended + scanner.scan(Buffer.from(chunk)), 0);
};

describe('complete replies', () => {
  test.each([
    ['+OK\r\n', 1],
    ['-ERR no such command\r\n', 1],
    ['-MOVED 16383 10.0.0.1:6379\r\n', 1],
    ['-MOVED 1 :6379\r\n', 1],
    ['-ASK 1 ::1:65535\r\n', 1],
    ['-ASKING is not allowed\r\n', 1],
    [':-12\r\n', 1],
    ['$5\r\nhello\r\n', 1],
    ['$0\r\n\r\n', 1],
    ['$-1\r\n', 1],
    ['*-1\r\n', 1],
    ['*0\r\n', 1],
    ['*2\r\n$1\r\na\r\n*1\r\n:1\r\n', 1],
    ['*1\r\n*0\r\n', 1],
    ['+OK\r\n*2\r\n$-1\r\n:3\r\n$3\r\n$1\r\r\n', 3],
    ['*2\r\n:1\r\n', 0],
    ['$5\r\nhello\r', 0],
    ['', 0],
  ])('%j has %i', (text, count) => {
    expect(scan(text)).toBe(count);
  });
});

describe('a reply that is refused before it arrives', () => {
  test.each([
    ['$1001\r\n', 'a reply has more than 1000 bytes'],
    ['*2\r\n$600\r\n' + 'x'.repeat(600) + '\r\n$600\r\n', 'a reply has more than 1000 bytes'],
    ['$9999999999999999999\r\n', 'a reply has more than 1000 bytes'],
    ['*101\r\n', 'a reply has more than 100 elements'],
    ['*2\r\n*60\r\n' + ':1\r\n'.repeat(60) + '*60\r\n', 'a reply has more than 100 elements'],
    ['*1\r\n*1\r\n*1\r\n*1\r\n', 'a reply has more than 3 nested arrays'],
    ['%1\r\n', 'a reply has an unknown type'],
    ['>1\r\n', 'a reply has an unknown type'],
    ['\r\n', 'a reply has an unknown type'],
    ['HTTP/1.1 200 OK\r\n', 'a reply has an unknown type'],
    ['$x\r\n', 'a header has no whole number'],
    ['*1e3\r\n', 'a header has no whole number'],
    [':\r\n', 'a header has no whole number'],
    [`:${'1'.repeat(100)}`, 'a line of a reply is too long'],
    [`+${'x'.repeat(20_000)}`, 'a line of a reply is too long'],
    ['+OK\n', 'a line of a reply has no end'],
    ['-MOVED\r\n', 'a redirection has no address'],
    ['-MOVED 1\r\n', 'a redirection has no address'],
    ['-MOVED __proto__ 10.0.0.1:6379\r\n', 'a redirection has no address'],
    ['-ASK 1 10.0.0.1\r\n', 'a redirection has no address'],
    ['-ASK 1 10.0.0.1:0\r\n', 'a redirection has no address'],
    ['-ASK 1 10.0.0.1:65536\r\n', 'a redirection has no address'],
    ['*1\r\n-ASK x :::\r\n', 'a redirection has no address'],
  ])('%j', (text, detail) => {
    expect(() => scan(text)).toThrow(detail);
  });
});

const bulk = fc.string({ maxLength: 20 }).map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`);
const leaf = fc.oneof(bulk, fc.constantFrom('+OK\r\n', '-ERR\r\n', ':7\r\n', '$-1\r\n', '*-1\r\n'));
const list = (item: fc.Arbitrary<string>) =>
  fc.array(item, { maxLength: 4 }).map((items) => `*${items.length}\r\n${items.join('')}`);
const reply = fc.oneof(leaf, list(fc.oneof(leaf, list(leaf))));

test('the number of replies does not depend on where the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 5 }), fc.array(fc.nat(200)), (replies, cuts) => {
      const bytes = Buffer.from(replies.join(''));
      const scanner = createReplyScanner(limits);
      let ended = 0;
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        ended += scanner.scan(bytes.subarray(at, at + cut));
        at += cut;
      }
      expect(ended).toBe(replies.length);
    }),
  );
});

test('any bytes are either counted or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(['counted', 'refused']).toContain(outcomeOf(Buffer.from(bytes)));
    }),
  );
});

function outcomeOf(bytes: Buffer): string {
  try {
    return createReplyScanner(limits).scan(bytes) >= 0 ? 'counted' : 'negative';
  } catch (error) {
    return error instanceof RangeError ? 'refused' : 'crashed';
  }
}

const scanShaped = (text: string) =>
  createReplyScanner({ ...limits, shapes: new Set(['+', '*$$:']) }).scan(Buffer.from(text));

describe('a reply with a shape', () => {
  test.each(['+OK\r\n', '*3\r\n$1\r\na\r\n$0\r\n\r\n:1\r\n+OK\r\n', '*3\r\n$1\r\na\r\n$1'])(
    'is accepted: %j',
    (text) => {
      expect(() => scanShaped(text)).not.toThrow();
    },
  );

  test.each([
    '+\r\n',
    '$-1\r\n',
    '*0\r\n',
    ':1\r\n',
    '*3\r\n$1\r\na\r\n$-1\r\n:1\r\n',
    '*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n',
    '+OK\r\n*-1\r\n',
  ])('is refused: %j', (text) => {
    expect(() => scanShaped(text)).toThrow('a reply has another shape than expected');
  });
});
