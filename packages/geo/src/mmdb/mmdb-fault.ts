/** Bytes that break the MaxMind DB format 2.0, or a record that no GeoIP file holds. The message completes "this file …". */
export class MmdbFault extends Error {
  override readonly name = 'MmdbFault';
}
