/**
 * The version of the verifier: `src/mmdb`, `geo-file.ts`, `place-reader.ts`, and the `maxmind` package. Raise it with every change that may
 * reject a file that was sound before, because verdicts of other versions are ignored. A test fails if the verifier's code has changed, as a
 * reminder.
 */
export const verifierVersion = 1;

/** The result of the verification of a file's bytes. `problem` completes the sentence "this file …". */
export type GeoVerdict = { readonly sound: true } | { readonly sound: false; readonly problem: string };

/** Stores verdicts, so the next start or another process need not verify the same bytes again. */
export interface GeoProofs {
  /**
   * Returns the stored verdict on the bytes with this digest, or else the result of `prove`.
   *
   * @param digest SHA-256 of the bytes that will answer lookups, in hexadecimal
   * @throws any error of `prove`
   */
  readonly verdictOn: (digest: string, prove: () => Promise<GeoVerdict>) => Promise<GeoVerdict>;
}

/** Stores no verdicts: every file is verified. */
export const noProofs: GeoProofs = { verdictOn: (_, prove) => prove() };
