import { problems, problemType, type Problem } from '@turn-router/contract/http';
import type { ProblemError } from '../problem-error.ts';

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
