/** The text between two lines is base64. It has no "-", so blocks cannot overlap. */
const block = /-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----/g;

/** Line length of the base64 text (RFC 7468 §2). */
const lineLength = /.{1,64}/g;

/**
 * Returns the PEM blocks `PUBLIC KEY` of a text, each with its line breaks. Returns undefined if there is no block, or anything else.
 *
 * Environment files, secret stores and YAML often change the line breaks. So blanks, the characters `\n` and quotes around the text count as
 * nothing, wherever PEM has no such characters.
 */
export function pemBlocks(text: string): string[] | undefined {
  const plain = text.replaceAll(/\\[nr]/g, '\n').trim();
  const unquoted = /^(["'])(?<inside>.*)\1$/s.exec(plain)?.groups?.['inside'] ?? plain;
  const blocks = [...unquoted.matchAll(block)];
  if (blocks.length === 0 || unquoted.replaceAll(block, '').trim() !== '') return undefined;
  return blocks.map(([, base64 = '']) => {
    const lines = base64.replaceAll(/\s/g, '').match(lineLength) ?? [];
    return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
  });
}
