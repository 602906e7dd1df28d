/** Shorter secrets can be guessed offline from one credential, characters. */
const secretMinLength = 16;

const advice = 'expected random characters, such as those of "openssl rand -hex 32"';

/** What documents and sample configurations have in this place, in lower case: long enough, and known to everybody. */
const published = new Set([
  // homeserver.yaml of many a Synapse.
  'n0t4ctuallymatr1xd0torgsshar3d5ecret4obviousreasons',
  '1234567890123456',
  '0123456789abcdef',
  'abcdefghijklmnop',
  'qwertyuiopasdfgh',
]);

/**
 * `long-and-cryptic` stands in eturnal.yml; the others stand where a secret is yet to come. No word is made of others: that would be slow to
 * match. `test` is none of them: who wrote it knows what the secret is for.
 */
const words =
  'admin|and|auth|bar|change|coturn|cryptic|default|demo|dummy|enter|eturnal|example|foo|here|insert|is|key|letmein|long|' +
  'me|must|my|node|placeholder|please|pass|production|put|qwerty|random|redacted|relay|replace|reporter|router|sample|secret|secure|' +
  'server|shared|some|static|string|super|the|this|todo|token|turn|value|very|with|word|x|your';

/** Nothing but these words, in lower case, with any digits and signs between; `a` by itself, as hexadecimal secrets may have no other letter. */
const onlyWords = new RegExp(`^(?:[^a-z]|(?<![a-z0-9])a(?![a-z0-9])|${words})+$`);

/**
 * Why nobody should rely on a secret: too short, known to everybody, or little repeated. A fault never holds the secret.
 *
 * @returns at most one fault
 */
export function findSecretFaults(secret: string): string[] {
  if (secret.length < secretMinLength) {
    return [`the secret has ${secret.length} characters: expected at least ${secretMinLength}`];
  }
  if (isKnown(secret.toLowerCase())) return [`the secret is an example or a default that everybody knows: ${advice}`];
  if (isRepeated(secret)) return [`the secret repeats a few characters: ${advice}`];
  return [];
}

function isKnown(text: string): boolean {
  return published.has(text) || (/[a-z]/.test(text) && onlyWords.test(text));
}

/** Whether it is one part, again and again; the last time it may be cut short. */
function isRepeated(secret: string): boolean {
  for (let part = 1; part <= secret.length / 2; part += 1) {
    if (secret.startsWith(secret.slice(part))) return true;
  }
  return false;
}
