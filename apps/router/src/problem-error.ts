import { problems, type FieldFault, type ProblemCode } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';

type ProblemDetails = {
  /** Invalid fields of the request. */
  errors?: readonly FieldFault[];
  /** Time until a retry may succeed, seconds. */
  retryAfterSeconds?: number;
  /** `WWW-Authenticate` of a 401 (RFC 9110 §11.6.1). */
  challenge?: string;
  /** Logged, never sent to the caller. */
  cause?: unknown;
};

/** An error whose details callers see. Any other error becomes `internal_error`. */
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

  /** Creates an `invalid_request` whose detail joins the faults. */
  static fromFaults(errors: readonly FieldFault[]): ProblemError {
    const detail = errors.map(({ field, detail: text }) => (field === '' ? text : `${field}: ${text}`)).join('; ');
    return new ProblemError('invalid_request', detail, { errors });
  }

  /** Creates an `unknown_region` that lists the regions of the policy. */
  static unknownRegion(field: string, { regions }: Policy): ProblemError {
    const detail = `Unknown region: expected one of ${Object.keys(regions).join(', ')}`;
    return ProblemError.unknown(field, detail);
  }

  /** Creates an `unknown_region`. */
  static unknown(field: string, detail: string): ProblemError {
    return new ProblemError('unknown_region', `${field}: ${detail}`, { errors: [{ field, detail }] });
  }
}
