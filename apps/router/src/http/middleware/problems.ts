import { problems, problemType, type Problem } from '@turn-router/contract/http';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Metrics } from '../../observe/metrics.ts';
import { ProblemError } from '../../problem-error.ts';
import { answer, setField } from '../answer.ts';
import { localsOf } from '../locals.ts';

/**
 * Responds to every error with `application/problem+json`. An unexpected error becomes `internal_error`, and the response does not contain its
 * cause.
 */
export function problemResponder(metrics: Metrics): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const problem = problemFrom(error);
    const { code, cause } = problem;
    if (code === 'internal_error') localsOf(res).failure = cause;
    // An expected failure is logged with its reason, but without a stack.
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

/** Renders the body of a problem as `application/problem+json` (RFC 9457). */
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

/** Rejects an unsupported method of an existing path. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (req, res) => {
    setField(res, 'Allow', allowed.join(', '));
    throw new ProblemError(
      'method_not_allowed',
      `${req.method} is not supported here: expected ${allowed.join(' or ')}`,
    );
  };
}

/** Rejects requests that no route matches. */
export const notFound: RequestHandler = () => {
  throw new ProblemError('not_found', 'This path does not exist. For all routes, see /openapi.json');
};

/** Maps the error types of body-parser and of Express' router to problems. */
const libraryErrors: Readonly<Record<string, (error: { limit?: unknown }) => ProblemError>> = {
  'entity.parse.failed': () => new ProblemError('invalid_request', 'The body is not valid JSON'),
  'entity.too.large': ({ limit }) =>
    new ProblemError('body_too_large', `The body is too large: expected at most ${Number(limit)} bytes`),
  'encoding.unsupported': () =>
    new ProblemError('unsupported_media_type', 'Content-Encoding: expected an uncompressed body'),
  'charset.unsupported': () => new ProblemError('unsupported_media_type', 'charset: expected utf-8'),
  'request.aborted': () => new ProblemError('invalid_request', 'The request ended before its body was complete'),
  'request.size.invalid': () =>
    new ProblemError('invalid_request', 'The length of the body differs from Content-Length'),
};

function problemFrom(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const said = (error ?? {}) as { type?: unknown; status?: unknown; limit?: unknown };
  const { type, status } = said;
  const known = typeof type === 'string' ? libraryErrors[type] : undefined;
  if (known !== undefined) return known(said);
  // If a path has a broken escape, such as /v1/nodes/%/x, the router of Express throws an error with status 400.
  if (status === 400) return new ProblemError('invalid_request', 'The path or the body cannot be decoded');
  return new ProblemError('internal_error', 'The router failed. Its log has the cause, with the id of this request', {
    cause: error,
  });
}
