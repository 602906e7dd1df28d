/** Minimum length, characters. With one credential, an attacker can guess a shorter secret offline. */
const secretMinLength = 16;

const advice = 'expected random characters, such as the output of "openssl rand -hex 32"';

/** Secrets from documentation and sample configurations, in lower case. They are long enough, but everybody can read them. */
const published = new Set([
  // From sample homeserver.yaml files of Synapse.
  'n0t4ctuallymatr1xd0torgsshar3d5ecret4obviousreasons',
  '1234567890123456',
  '0123456789abcdef',
  'abcdefghijklmnop',
  'qwertyuiopasdfgh',
]);

/**
 * Words that placeholders for a secret contain, for example `long-and-cryptic` in eturnal.yml. No word is a combination of other words, because
 * matching would be slow. `test` is not in the list: if a secret contains `test`, it is a test secret on purpose.
 */
const words =
  'admin|and|auth|bar|change|coturn|cryptic|default|demo|dummy|enter|eturnal|example|foo|here|insert|is|key|letmein|long|' +
  'me|must|my|node|placeholder|please|pass|production|put|qwerty|random|redacted|relay|replace|reporter|router|sample|secret|secure|' +
  'server|shared|some|static|string|super|the|this|todo|token|turn|value|very|with|word|x|your';

/**
 * Matches a lower-case text that consists only of these words, digits and signs. `a` counts only as a separate word, because a hexadecimal
 * secret may contain `a` and no other letter.
 */
const onlyWords = new RegExp(`^(?:[^a-z]|(?<![a-z0-9])a(?![a-z0-9])|${words})+$`);

/**
 * Checks whether a secret is weak: too short, published, or a repetition of a few characters. A fault never contains the secret.
 *
 * @returns at most one fault
 */
export function findSecretFaults(secret: string): string[] {
  if (secret.length < secretMinLength) {
    return [`the secret has ${secret.length} characters: expected at least ${secretMinLength}`];
  }
  if (isPublished(secret.toLowerCase())) return [`the secret is a published example or default: ${advice}`];
  if (isRepeated(secret)) return [`the secret repeats a few characters: ${advice}`];
  return [];
}

function isPublished(text: string): boolean {
  return published.has(text) || (/[a-z]/.test(text) && onlyWords.test(text));
}

/** Whether the secret consists of repetitions of one part. The last repetition may be incomplete. */
function isRepeated(secret: string): boolean {
  for (let part = 1; part <= secret.length / 2; part += 1) {
    if (secret.startsWith(secret.slice(part))) return true;
  }
  return false;
}
