import { problems, type FieldFault, type ProblemCode } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';

type ProblemDetails = {
  /** Each bad field. */
  errors?: readonly FieldFault[];
  /** When it may be worth trying again, seconds. */
  retryAfterSeconds?: number;
  /** `WWW-Authenticate` of a 401 (RFC 9110 §11.6.1). */
  challenge?: string;
  /** For the log, never for the wire. */
  cause?: unknown;
};

/** The one error that callers are shown; everything else becomes `internal_error`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: readonly FieldFault[];
  readonly retryAfterSeconds: number | undefined;
  readonly challenge: string | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    { errors = [], retryAfterSeconds, challenge, cause }: ProblemDetails = {},
  ) {
    super(detail, { cause });
    this.code = code;
    this.status = problems[code].status;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
    this.challenge = challenge;
  }

  /** An `invalid_request` whose detail sums the faults up. */
  static fromFaults(errors: readonly FieldFault[]): ProblemError {
    const detail = errors.map(({ field, detail: text }) => (field === '' ? text : `${field}: ${text}`)).join('; ');
    return new ProblemError('invalid_request', detail, { errors });
  }

  /** An `unknown_region` that says which there are. */
  static unknownRegion(field: string, { regions }: Policy): ProblemError {
    const detail = `Unknown region: expected one of ${Object.keys(regions).join(', ')}`;
    return ProblemError.unknown(field, detail);
  }

  /** An `unknown_region`. */
  static unknown(field: string, detail: string): ProblemError {
    return new ProblemError('unknown_region', `${field}: ${detail}`, { errors: [{ field, detail }] });
  }
}
