import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Metrics } from '../observe/metrics.ts';
import { ProblemError } from '../problem-error.ts';
import { problemText } from './middleware/problems.ts';

/** What a request line with all headers may take, bytes. Above what a token may have (8192 characters), so that a larger one is told that it is one. */
export const headersMaxBytes = 32 * 1024;

/** Answers what Node could not read as a request, or not in time, and closes the connection. */
export type RefuseUnreadable = (error: Error & { code?: string }, socket: Duplex) => void;

/** Node's and llhttp's codes (https://nodejs.org/api/http.html#event-clienterror); all others are bytes that are no HTTP/1.1. */
const knownErrors: Readonly<Record<string, () => ProblemError>> = {
  HPE_HEADER_OVERFLOW: () =>
    new ProblemError('headers_too_large', `The headers are too large: expected at most ${headersMaxBytes} bytes`),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () => new ProblemError('body_too_large', 'The extensions of a chunk are too large'),
  ERR_HTTP_REQUEST_TIMEOUT: () => new ProblemError('request_timeout', 'The request did not arrive in time'),
};

/** Without a log line: whoever can connect could fill the log. */
export function createRefuseUnreadable(parts: {
  readonly metrics: Pick<Metrics, 'countProblem'>;
  readonly newRequestId: () => string;
}): RefuseUnreadable {
  return (error, socket) => {
    if (error.code !== 'ECONNRESET' && socket.writable && !isBeingAnswered(socket)) {
      const problem =
        knownErrors[error.code ?? '']?.() ?? new ProblemError('invalid_request', 'This is not a request of HTTP/1.1');
      parts.metrics.countProblem(problem.code);
      socket.write(answerText(problem, parts.newRequestId()));
    }
    // Not `end`: who goes on sending would keep the connection.
    socket.destroy();
  };
}

/** Whether an answer has begun, which another one would break into. By the field that Node's own handler looks at. */
function isBeingAnswered(socket: Duplex & { _httpMessage?: { headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function answerText(problem: ProblemError, requestId: string): string {
  const body = problemText(problem, requestId);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `X-Request-Id: ${requestId}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
