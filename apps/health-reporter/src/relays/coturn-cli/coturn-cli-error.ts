export type CoturnCliFault = 'unreachable' | 'password_refused' | 'timeout' | 'unexpected_answer' | 'closed';

/** The CLI of coturn cannot be used; the message holds nothing of what was sent or answered. */
export class CoturnCliError extends Error {
  override readonly name = 'CoturnCliError';
  readonly fault: CoturnCliFault;

  constructor(fault: CoturnCliFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
