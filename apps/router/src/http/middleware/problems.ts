import { problems, problemType, type Problem } from '@turn-router/contract/http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Metrics } from '../../observe/metrics.ts';
import { ProblemError } from '../../problem-error.ts';
import { answer, setField } from '../answer.ts';
import { localsOf } from '../locals.ts';

/** Answers every error as `application/problem+json`. What is not meant for callers becomes a bare `internal_error`. */
export function problemResponder(metrics: Metrics): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const problem = problemFrom(error);
    const { code, cause } = problem;
    if (code === 'internal_error') localsOf(res).failure = cause;
    // An expected failure needs no stack in the log, but its reason.
    const reason = code !== 'internal_error' && cause instanceof Error ? { cause: cause.message } : {};
    localsOf(res).logged = { ...localsOf(res).logged, code, ...reason };
    metrics.countProblem(problem.code);
    if (res.headersSent) {
      next(error);
      return;
    }
    if (problem.retryAfterSeconds !== undefined) setField(res, 'Retry-After', `${problem.retryAfterSeconds}`);
    if (problem.challenge !== undefined) setField(res, 'WWW-Authenticate', problem.challenge);
    setField(res, 'Cache-Control', 'no-store');
    answer(res, {
      status: problem.status,
      type: 'application/problem+json; charset=utf-8',
      body: problemText(problem, localsOf(res).requestId),
    });
  };
}

/** The body that tells a problem, as `application/problem+json` (RFC 9457). */
export function problemText(problem: ProblemError, requestId: string): string {
  const body: Problem = {
    type: problemType(problem.code),
    title: problems[problem.code].title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    requestId,
    ...(problem.errors.length === 0 ? {} : { errors: [...problem.errors] }),
  };
  return JSON.stringify(body);
}

/** For a path that has other methods than the one asked for. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (req, res) => {
    setField(res, 'Allow', allowed.join(', '));
    throw new ProblemError(
      'method_not_allowed',
      `${req.method} is not possible here: expected ${allowed.join(' or ')}`,
    );
  };
}

/** For whatever no route has taken. */
export const notFound: RequestHandler = () => {
  throw new ProblemError('not_found', 'This path does not exist; /openapi.json lists all routes');
};

/** What body-parser and Express' router call their errors, and what each means to a caller. */
const libraryErrors: Readonly<Record<string, (error: { limit?: unknown }) => ProblemError>> = {
  'entity.parse.failed': () => new ProblemError('invalid_request', 'The body is not valid JSON'),
  'entity.too.large': ({ limit }) =>
    new ProblemError('body_too_large', `The body is too large: expected at most ${Number(limit)} bytes`),
  'encoding.unsupported': () => new ProblemError('unsupported_media_type', 'Content-Encoding: expected none'),
  'charset.unsupported': () => new ProblemError('unsupported_media_type', 'charset: expected utf-8'),
  'request.aborted': () => new ProblemError('invalid_request', 'The request ended before its body did'),
  'request.size.invalid': () => new ProblemError('invalid_request', 'The body is not as long as Content-Length says'),
};

function problemFrom(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const said = (error ?? {}) as { type?: unknown; status?: unknown; limit?: unknown };
  const { type, status } = said;
  const known = typeof type === 'string' ? libraryErrors[type] : undefined;
  if (known !== undefined) return known(said);
  // A path with a broken escape, such as /v1/nodes/%/x: Express' router blames it on the caller.
  if (status === 400) return new ProblemError('invalid_request', 'The path or the body cannot be decoded');
  return new ProblemError('internal_error', 'The router failed; the log has the reason under the request id', {
    cause: error,
  });
}
