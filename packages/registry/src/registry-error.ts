/** `unavailable`: no connection, or no answer in time. `refused`: the server refused the command (READONLY, NOAUTH, OOM …). */
export type RegistryErrorCode = 'unavailable' | 'refused';

/** The cause of the failure, as it appears in metrics and logs. */
export type RegistryFault =
  /** The connection was refused, reset or closed, or never made. */
  | 'connection'
  | 'timeout'
  /** A write reached a replica. */
  | 'readonly'
  /** The server is still loading its data from disk. */
  | 'loading'
  | 'out_of_memory'
  | 'no_auth'
  | 'wrong_password'
  | 'no_permission'
  /** The cluster does not serve all its slots, or redirects a command too often. */
  | 'cluster_down'
  /** A replica answered in place of the primary, a primary in place of a replica, or a replica that has lost its primary. */
  | 'stale_role'
  /** The server sent a reply of another shape or size than the command allows. */
  | 'bad_reply'
  /** The server kept listing keys without an end. */
  | 'endless_scan'
  | 'other';

/** The only error that a NodeRegistry rejects with. Its message contains no secret and no address. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly fault: RegistryFault;

  /** `fault` defaults to `connection` for `unavailable` and to `other` for `refused`. */
  constructor(
    code: RegistryErrorCode,
    message: string,
    {
      fault = code === 'unavailable' ? 'connection' : 'other',
      ...options
    }: ErrorOptions & { fault?: RegistryFault } = {},
  ) {
    super(message, options);
    this.code = code;
    this.fault = fault;
  }
}
