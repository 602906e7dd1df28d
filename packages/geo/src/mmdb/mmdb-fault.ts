/** The bytes violate the MaxMind DB format 2.0, or the content is not GeoIP data. The message completes the sentence "this file …". */
export class MmdbFault extends Error {
  override readonly name = 'MmdbFault';
}
