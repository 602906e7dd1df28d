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
  'adminTokens',
  'jwtSecret',
]);

/** Deeper than anything that is logged on purpose; also ends circles. */
const depthMax = 8;

/**
 * The fields, with `[secret]` in place of every value of a secret's name, at any depth of plain objects and arrays; other objects, such as
 * errors, stay as they are. Done here rather than by pino's `redact`, whose wildcards reach one depth each and cost 35 µs a line. Nearly
 * every line holds no secret, and then nothing is copied.
 */
export function hideSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return mustHide(fields, 1) ? withoutSecrets(fields, 1) : fields;
}

function mustHide(fields: object, depth: number): boolean {
  return Object.entries(fields).some(([name, value]) => secretNames.has(name) || mustHideWithin(value, depth));
}

function mustHideWithin(value: unknown, depth: number): boolean {
  return (Array.isArray(value) || isPlainObject(value)) && (depth === depthMax || mustHide(value, depth + 1));
}

function withoutSecrets(fields: object, depth: number): Record<string, unknown> {
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
  return depth < depthMax ? withoutSecrets(value, depth + 1) : '[deep]';
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
