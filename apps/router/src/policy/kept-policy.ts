import { createHash } from 'node:crypto';

/** The last good policy, as STATE_DIR holds it. */
export type KeptText = { readonly sha256: string; readonly text: string };

/** The last good policy on disk. A start uses it if POLICY_FILE is unusable. */
export interface KeptPolicy extends AsyncDisposable {
  /** The text as it was kept; undefined if there is none or it is damaged. */
  readonly restored: KeptText | undefined;
  /** Keeps the text in the background. A failed write is tried again until it succeeds, or until a newer text replaces it. */
  readonly keep: (kept: KeptText) => void;
}

/** The entries of the file `policy-in-force.json`. Earlier releases know them, too. */
export function hashFromKept({ sha256, text }: KeptText): ReadonlyMap<string, string> {
  return new Map([
    ['sha256', sha256],
    ['text', text],
  ]);
}

/** Returns undefined if the entries are not a whole policy. */
export function keptFromHash(hash: ReadonlyMap<string, string>): KeptText | undefined {
  const sha256 = hash.get('sha256');
  const text = hash.get('text');
  if (sha256 === undefined || text === undefined) return undefined;
  return createHash('sha256').update(text).digest('hex') === sha256 ? { sha256, text } : undefined;
}
