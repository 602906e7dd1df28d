import fc from 'fast-check';

/** Changes what a Redis server sends. @returns the bytes that the client gets */
export type DamageReply = (chunk: Buffer) => Buffer;

const big = 'x'.repeat(70_000);

/** Replies that no command expects, or that no client can hold. */
const replies = [
  '+OK\r\n',
  ':-1\r\n',
  ':9007199254740993\r\n',
  '$-1\r\n',
  '*-1\r\n',
  '*0\r\n',
  '$536870912\r\nx',
  '*1000000\r\n',
  '*2\r\n$-1\r\n*1\r\n*1\r\n*-1\r\n',
  `${'*1\r\n'.repeat(1_000)}:1\r\n`,
  `+${big}`,
  `-ERR ${big}\r\n`,
  `$${big.length}\r\n${big}\r\n`,
  '-NOPERM this user has no permissions\r\n',
  '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n',
  '-MOVED 1 127.0.0.1:1\r\n',
  '-LOADING Redis is loading the dataset in memory\r\n',
  '-OOM command not allowed\r\n',
  '-READONLY You cannot write against a read only replica.\r\n',
  '>2\r\n+invalidate\r\n*0\r\n',
  '%1\r\n+a\r\n:1\r\n',
  '_\r\n',
  ',inf\r\n',
  '\r\n\r\n',
  'HTTP/1.1 400 Bad Request\r\n\r\n',
  '\0\0\0\0',
];

const replaced = fc.constantFrom(...replies).map(
  (reply): DamageReply =>
    () =>
      Buffer.from(reply),
);
const added = fc.constantFrom(...replies).map(
  (reply): DamageReply =>
    (chunk) =>
      Buffer.concat([chunk, Buffer.from(reply)]),
);
const random = fc.uint8Array({ maxLength: 500 }).map(
  (bytes): DamageReply =>
    () =>
      Buffer.from(bytes),
);
const cut = fc.nat().map(
  (at): DamageReply =>
    (chunk) =>
      chunk.subarray(0, at % (chunk.length + 1)),
);
const doubled = fc.constant<DamageReply>((chunk) => Buffer.concat([chunk, chunk]));
const changed = fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]): DamageReply => {
  return (chunk) => {
    const bytes = Buffer.from(chunk);
    if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return bytes;
  };
});

export const hostileReplies: fc.Arbitrary<DamageReply> = fc.oneof(replaced, added, random, cut, doubled, changed);
