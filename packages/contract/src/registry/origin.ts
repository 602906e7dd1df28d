import { z } from 'zod';

const example = 'https://app.example.org';
const wildcardExample = 'https://*.example.org';

/** A name has at most 253 characters (RFC 1035 §2.3.4). The rest is for scheme, wildcard and port. */
const maxLength = 300;

/** Schemes whose pages have the opaque origin `null` (WHATWG HTML, "origin"). `null` is what a browser sends for them. */
const opaqueSchemes = /^(?:null$|file:|data:|about:|javascript:|blob:null)/i;

/** The origin of an app's pages: a scheme of the app, and its host. URL gives no `origin` for such schemes. */
const appOrigin = /^(?<origin>[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9._~-]+(?::\d{1,5})?)(?:[/?#].*)?$/i;

/**
 * Finds out why no request can have this origin. Returns undefined for a valid origin.
 *
 * Valid are origins exactly as a browser sends them in `Origin` (RFC 6454 §6.2), and `https://*.example.org`: every name with one or more labels
 * before `.example.org`. Where possible, the fault names the origin to write.
 */
export function findOriginFault(text: string): string | undefined {
  const problem = text.length > maxLength ? `expected at most ${maxLength} characters` : findProblem(text);
  return problem === undefined ? undefined : `Invalid origin: ${problem}`;
}

/** An origin of web pages or of an app, or a wildcard: `https://app.example.org`, `https://*.example.org`, `capacitor://localhost`. */
export const originSchema = z.string().superRefine((text, context) => {
  const message = findOriginFault(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

function findProblem(text: string): string | undefined {
  if (opaqueSchemes.test(text)) {
    return 'many unrelated pages send the origin "null", such as files and sandboxed frames: serve the page over https, and write its origin';
  }
  if (text === '*') return `this would allow every page: write each origin, or a wildcard such as ${wildcardExample}`;
  if (!text.includes('://')) return findMissingScheme(text);
  if (text.includes('*')) return findWildcardProblem(text);
  const origin = originOf(text);
  if (origin === text) return undefined;
  if (origin === undefined) return `expected an origin such as ${example}`;
  return /^wss?:/i.test(text) ? `a WebSocket has the origin of its page: write ${origin}` : `write ${origin}`;
}

function findMissingScheme(text: string): string {
  const scheme = /^(?:localhost|127\.|\[::1\])/i.test(text) ? 'http' : 'https';
  const origin = `${scheme}://${text}`;
  const isName = /^[A-Za-z0-9*._:[\]-]+$/.test(text);
  const suggestion = isName && !text.includes('*') ? originOf(origin) : origin;
  return isName && suggestion !== undefined && findOriginFault(suggestion) === undefined
    ? `the scheme is missing: write ${suggestion}`
    : `expected an origin such as ${example}`;
}

function findWildcardProblem(text: string): string | undefined {
  const groups = /^(?<before>https?:\/\/)\*(?<after>[^*]*)$/i.exec(text)?.groups;
  const after = groups?.['after'] ?? '*';
  if (groups === undefined || !/^(?:[./?#:]|$)/.test(after)) {
    return `a wildcard must be the whole first label of an http or https name, such as ${wildcardExample}`;
  }
  const name = /^\.(?<name>[^/?#:]*)/.exec(after)?.groups?.['name'] ?? '';
  if (/^[\d.]+$/.test(name) && name !== '') return 'a wildcard needs a name, not an address: write each origin';
  // A single label is a public suffix, such as org: anybody can have a name below it.
  if (!/^[^.]+(?:\.[^.]+)+$/.test(name)) {
    return `a wildcard needs at least two labels after it, such as ${wildcardExample}`;
  }
  const origin = originOf(`${groups['before']}${after.slice(1)}`)?.replace('://', '://*.');
  if (origin === undefined) return `expected an origin such as ${wildcardExample}`;
  return origin === text ? undefined : `write ${origin}`;
}

/** Returns the origin of a URL as a browser sends it. */
function originOf(text: string): string | undefined {
  const page = text.replace(/^ws(?=s?:)/i, 'http');
  if (/^https?:/i.test(page)) {
    const url = URL.canParse(page) ? new URL(page) : undefined;
    return url !== undefined && /^[a-z0-9._:[\]-]+$/.test(url.host) ? url.origin : undefined;
  }
  const origin = appOrigin.exec(page)?.groups?.['origin'];
  return origin?.replace(/^[^:]+/, (scheme) => scheme.toLowerCase());
}
