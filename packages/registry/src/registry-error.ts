/** `unavailable`: no connection, or no answer in time. `refused`: the server answered that it will not (READONLY, NOAUTH, OOM …). */
export type RegistryErrorCode = 'unavailable' | 'refused';

/** What is wrong, in the words of metrics and logs. */
export type RegistryFault =
  /** Refused, reset, closed, or never made. */
  | 'connection'
  | 'timeout'
  /** A write reached a replica. */
  | 'readonly'
  /** The server reads its data from disk. */
  | 'loading'
  | 'out_of_memory'
  | 'no_auth'
  | 'wrong_password'
  | 'no_permission'
  /** A cluster that does not serve all its slots, or sends us from one node to another. */
  | 'cluster_down'
  /** A replica answered where the primary was expected, or one that has lost its primary. */
  | 'stale_role'
  | 'other';

/** The only error that a NodeRegistry rejects with. Its message names no secret and no address. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly fault: RegistryFault;

  /** `fault` is `connection` for what is unavailable, `other` for what was refused, unless it is given. */
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
