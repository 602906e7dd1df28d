/** A set of origins. An entry `https://*.example.org` stands for every name with one or more labels before `.example.org`. */
export type OriginSet = { readonly has: (origin: string) => boolean };

/** A longer origin has no valid name (RFC 1035 §2.3.4), so it is in no set. */
const originMaxLength = 300;

/** An origin whose host has at least two labels, as browsers send it. Programs can send anything. */
const nameOrigin = /^https?:\/\/(?:[a-z0-9_-]+\.)+[a-z0-9_-]+(?::\d+)?$/;

/** Creates a set from valid origins (`originSchema`). A lookup costs one hash lookup, and for wildcards one more for each label. */
export function createOriginSet(origins: Iterable<string>): OriginSet {
  const exact = new Set<string>();
  const wildcards = new Set<string>();
  for (const origin of origins) (origin.includes('://*.') ? wildcards : exact).add(origin);
  if (wildcards.size === 0) return { has: (origin) => exact.has(origin) };
  return { has: (origin) => exact.has(origin) || isBelow(wildcards, origin) };
}

function isBelow(wildcards: ReadonlySet<string>, origin: string): boolean {
  if (origin.length > originMaxLength || !nameOrigin.test(origin)) return false;
  const scheme = origin.slice(0, origin.indexOf('://') + '://'.length);
  for (let dot = origin.indexOf('.'); dot !== -1; dot = origin.indexOf('.', dot + 1)) {
    if (wildcards.has(`${scheme}*${origin.slice(dot)}`)) return true;
  }
  return false;
}
