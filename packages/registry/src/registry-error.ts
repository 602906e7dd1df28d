/** `unavailable`: no connection, or no answer in time. `refused`: the server answered that it will not (READONLY, NOAUTH, OOM …). */
export type RegistryErrorCode = 'unavailable' | 'refused';

/** The only error that a NodeRegistry rejects with. Its message names no secret and no address. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;

  constructor(code: RegistryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
