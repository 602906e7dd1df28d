/** What is wrong with a Redis URL, or undefined. Says nothing of its user and password. */
export function findRedisUrlFault(text: string): string | undefined {
  const expected = 'expected redis://[user:password@]host[:port][/database], or rediss:// for TLS';
  if (!URL.canParse(text)) return `not a URL: ${expected}`;
  const { protocol, hostname, pathname } = new URL(text);
  if (protocol !== 'redis:' && protocol !== 'rediss:') return `unknown scheme "${protocol}": ${expected}`;
  if (hostname === '') return `no host: ${expected}`;
  if (!/^\/?\d*$/.test(pathname)) return `the database is not a number: ${expected}`;
  return undefined;
}
