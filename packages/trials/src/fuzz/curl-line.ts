import type { FuzzedRequest } from './fuzzed-request.ts';

/** Longest part of a body that is shown, bytes. */
const shownBytes = 1_000;

/** Renders a request as a curl command. A long body is shortened. */
export function curlLine(url: string, { method, path, headers, body, isChunked }: FuzzedRequest): string {
  const fields = isChunked ? [...headers, ['Transfer-Encoding', 'chunked']] : headers;
  return [
    `curl --path-as-is -X ${method} ${quoted(`${url}${path}`)}`,
    ...fields.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(body.length === 0 ? [] : [`--data-binary ${quoted(shown(body))}`]),
  ].join(' ');
}

function shown(body: Buffer): string {
  const text = body.subarray(0, shownBytes).toString();
  return body.length > shownBytes ? `${text}… (${body.length} bytes)` : text;
}

/** Quotes text for a POSIX shell. Text with characters other than printable ASCII uses bash's $'…'. */
function quoted(text: string): string {
  if (!/[^\x20-\x7e]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const bytes = [...Buffer.from(text)].map((byte) => {
    const char = String.fromCodePoint(byte);
    return byte < 0x20 || byte > 0x7e ? `\\x${byte.toString(16).padStart(2, '0')}` : char.replace(/['\\]/, '\\$&');
  });
  return `$'${bytes.join('')}'`;
}
