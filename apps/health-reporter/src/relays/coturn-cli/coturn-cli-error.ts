export type CoturnCliFault = 'unreachable' | 'password_refused' | 'timeout' | 'unexpected_answer' | 'closed';

/** An error of coturn's CLI. The message contains no sent or received text. */
export class CoturnCliError extends Error {
  override readonly name = 'CoturnCliError';
  readonly fault: CoturnCliFault;

  constructor(fault: CoturnCliFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
