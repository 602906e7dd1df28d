/** The policy is unusable. The message has one line per fault. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  /** SHA-256 of the text, lower-case hex; undefined if the text could not be read. */
  readonly sha256: string | undefined;
  /** The version of the text, if its content is the reason; undefined if the same text may be usable later. */
  readonly version: number | undefined;

  constructor(message: string, options: ErrorOptions & { sha256?: string; version?: number } = {}) {
    super(message, options);
    this.sha256 = options.sha256;
    this.version = options.version;
  }
}
