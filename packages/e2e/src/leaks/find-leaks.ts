/** A value that must not appear in any output, and its name in findings. */
export type Secret = { readonly name: string; readonly value: string };

/** A text that a process has written, and its place. */
export type Written = { readonly where: string; readonly text: string };

/** Returns each secret that the texts contain in any encoding, as `<name> (<encoding>) in <where>`. */
export function findLeaks(written: readonly Written[], secrets: readonly Secret[]): string[] {
  return secrets.flatMap(({ name, value }) =>
    encodingsOf(value).flatMap(([encoding, text]) =>
      written.filter((each) => each.text.includes(text)).map(({ where }) => `${name} (${encoding}) in ${where}`),
    ),
  );
}

/** Returns a secret in each encoding that programs use. Equal encodings appear once. */
function encodingsOf(value: string): [encoding: string, text: string][] {
  const bytes = Buffer.from(value);
  const encodings: [string, string][] = [
    ['raw', value],
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ['URL', encodeURIComponent(value)],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ...[0, 1, 2].map((before): [string, string] => [`base64 after ${before} bytes`, base64After(before, bytes)]),
    ...[0, 1, 2].map((before): [string, string] => [
      `base64url after ${before} bytes`,
      base64After(before, bytes).replaceAll('+', '-').replaceAll('/', '_'),
    ]),
  ];
  return encodings.filter(([, text], at) => encodings.findIndex((other) => other[1] === text) === at);
}

/** Returns the base64 characters that depend only on the secret, if `before` bytes (modulo three) precede it. */
function base64After(before: number, bytes: Buffer): string {
  const bitsPerChar = 6;
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const from = Math.ceil((before * 8) / bitsPerChar);
  return text.slice(from, Math.floor(((before + bytes.length) * 8) / bitsPerChar));
}
