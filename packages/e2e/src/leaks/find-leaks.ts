/** Something that nobody may read, and how it is called in a finding. */
export type Secret = { readonly name: string; readonly value: string };

/** What has been written, and where. */
export type Written = { readonly where: string; readonly text: string };

/** Each secret that stands in what was written, in any of its spellings: `<name> (<spelling>) in <where>`. */
export function findLeaks(written: readonly Written[], secrets: readonly Secret[]): string[] {
  return secrets.flatMap(({ name, value }) =>
    spellingsOf(value).flatMap(([spelling, text]) =>
      written.filter((each) => each.text.includes(text)).map(({ where }) => `${name} (${spelling}) in ${where}`),
    ),
  );
}

/** A secret as programs come to write it; spellings that look alike are named once. */
function spellingsOf(value: string): [spelling: string, text: string][] {
  const bytes = Buffer.from(value);
  const spellings: [string, string][] = [
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
  return spellings.filter(([, text], at) => spellings.findIndex((other) => other[1] === text) === at);
}

/** The letters of base64 that hang on the secret alone, when so many bytes, modulo three, stand before it. */
function base64After(before: number, bytes: Buffer): string {
  const bitsOfLetter = 6;
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const from = Math.ceil((before * 8) / bitsOfLetter);
  return text.slice(from, Math.floor(((before + bytes.length) * 8) / bitsOfLetter));
}
