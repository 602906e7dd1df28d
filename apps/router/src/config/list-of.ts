/** Splits a list at commas and line breaks: `a, b,` → `['a', 'b']` */
export function listOf(text: string): string[] {
  return text
    .split(/[,\r\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
