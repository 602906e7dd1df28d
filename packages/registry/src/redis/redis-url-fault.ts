/** What is wrong with a URL, for people. Says nothing of what the URL holds: any part of it may be a password in the wrong place. */
export class RedisUrlFault extends Error {
  override readonly name = 'RedisUrlFault';
}
