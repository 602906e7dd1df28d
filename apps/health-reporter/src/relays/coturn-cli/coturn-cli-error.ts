export type CoturnCliFault = 'unreachable' | 'password_refused' | 'timeout' | 'unexpected_answer' | 'closed';

/** A fault of coturn's CLI; the message quotes nothing that was sent or received. */
export class CoturnCliError extends Error {
  override readonly name = 'CoturnCliError';
  readonly fault: CoturnCliFault;

  constructor(fault: CoturnCliFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
