/**
 * The version of the verifier: `src/mmdb`, `geo-file.ts`, `place-reader.ts`, and the `maxmind` package. Raise it with every change that may
 * reject a file that was sound before. Stored check results of other versions are then ignored. A test fails if the verifier's code has
 * changed, as a reminder.
 */
export const verifierVersion = 1;

/** The check result of a file: the outcome of the verification of its bytes. `problem` completes the sentence "this file …". */
export type GeoVerdict = { readonly sound: true } | { readonly sound: false; readonly problem: string };

/** Stores check results, so that the next start or another process need not verify the same bytes again. */
export interface GeoProofs {
  /**
   * Returns the stored check result for the bytes with this digest. If there is none, returns the result of `prove`.
   *
   * @param digest SHA-256 of the bytes that will answer lookups, in hexadecimal
   * @throws any error of `prove`
   */
  readonly verdictOn: (digest: string, prove: () => Promise<GeoVerdict>) => Promise<GeoVerdict>;
}

/** Stores no check results: every file is verified. */
export const noProofs: GeoProofs = { verdictOn: (_, prove) => prove() };
