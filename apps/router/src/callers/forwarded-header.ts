/** One `name=value` of an element (RFC 7239 §4). Some proxies forget the quotes around a value with a colon, so they are optional. */
const pair = /[ \t]*([!#$%&'*+.^_`|~\w-]+)=("(?:[^"\\]|\\.)*"|[^ \t";,]+)[ \t]*(?:;|$)/y;
const emptyPair = /[ \t]*(?:;|$)/y;

/** An obfuscated port after an address (RFC 7239 §6.2). */
const obfuscatedPort = /(?<=[\d\]]):_[\w.-]+$/;

/**
 * Reads the last elements of `Forwarded` (RFC 7239): the `for` of each, the element of the nearest proxy last. An element that is malformed, or has
 * no `for` or two, becomes ''.
 *
 * It reads from the right, because a proxy appends its element on the right. From the left, an open quote of a caller could hide that element.
 *
 * @param max largest number of elements that are read
 */
export function forwardedHops(value: string, max: number): string[] {
  const hops: string[] = [];
  let end = value.length;
  let isQuoted = false;
  for (let index = value.length - 1; index >= 0 && hops.length < max; index -= 1) {
    const character = value[index];
    if (character === '"' && !isEscaped(value, index)) isQuoted = !isQuoted;
    if (character !== ',' || isQuoted) continue;
    hops.push(forOf(value.slice(index + 1, end)));
    end = index;
  }
  if (hops.length < max) hops.push(forOf(value.slice(0, end)));
  return hops.toReversed();
}

/** Whether an odd number of backslashes precedes. */
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text[first - 1] === '\\') first -= 1;
  return (index - first) % 2 === 1;
}

function forOf(element: string): string {
  let node: string | undefined;
  for (let index = 0; index < element.length;) {
    const [, name = '', value = ''] = matchAt(pair, element, index) ?? [];
    if (name.toLowerCase() === 'for') {
      if (node !== undefined) return '';
      node = value;
    }
    const next = name === '' ? endOf(emptyPair, element, index) : pair.lastIndex;
    if (next === undefined) return '';
    index = next;
  }
  return (node ?? '')
    .replace(/^"(.*)"$/, '$1')
    .replaceAll(/\\(.)/g, '$1')
    .replace(obfuscatedPort, '');
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

function endOf(pattern: RegExp, text: string, index: number): number | undefined {
  return matchAt(pattern, text, index) === null ? undefined : pattern.lastIndex;
}
