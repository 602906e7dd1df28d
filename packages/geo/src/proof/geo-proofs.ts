/**
 * The version of what proves a file: `src/mmdb`, `geo-file.ts`, `place-reader.ts`, and the `maxmind` package under them. Raise it
 * with every change after which a file that was sound so far may be refused: verdicts of other versions are not believed. A test
 * fails when the verifier's code has changed, as a reminder.
 */
export const verifierVersion = 1;

/** What the proof of a file's bytes has found. `problem` completes the sentence "this file …". */
export type GeoVerdict = { readonly sound: true } | { readonly sound: false; readonly problem: string };

/** Knows verdicts, so that the same bytes are not proved again by the next start, or by the next of several processes. */
export interface GeoProofs {
  /**
   * The verdict on the bytes with this digest: one that is known, else what `prove` finds.
   *
   * @param digest SHA-256 of the bytes that will be served, in hexadecimal
   * @throws what `prove` throws
   */
  readonly verdictOn: (digest: string, prove: () => Promise<GeoVerdict>) => Promise<GeoVerdict>;
}

/** Knows nothing: every file is proved. */
export const noProofs: GeoProofs = { verdictOn: (_, prove) => prove() };
