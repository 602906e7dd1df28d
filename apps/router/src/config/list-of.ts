/** Splits a comma-separated list: `a, b,` → `['a', 'b']` */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
