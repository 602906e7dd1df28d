const secretNames = new Set([
  'authorization',
  'cookie',
  'credential',
  'username',
  'secret',
  'password',
  'token',
  'redisUrl',
  'reporterToken',
]);

/** Deeper than anything that is logged on purpose; also ends circles. */
const depthMax = 8;

/**
 * A copy in which every field of a secret's name says `[secret]`, at any depth of plain objects and arrays; other objects, such as
 * errors, stay as they are. Done here rather than by pino's `redact`, whose wildcards reach one depth each and cost 35 µs a line.
 */
export function hideSecrets(fields: Readonly<Record<string, unknown>>, depth = 1): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secretNames.has(name) ? '[secret]' : hideWithin(value, depth),
    ]),
  );
}

function hideWithin(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return depth < depthMax ? value.map((item) => hideWithin(item, depth + 1)) : '[deep]';
  if (!isPlainObject(value)) return value;
  return depth < depthMax ? hideSecrets(value, depth + 1) : '[deep]';
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
