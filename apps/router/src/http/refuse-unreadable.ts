import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Metrics } from '../observe/metrics.ts';
import { ProblemError } from '../problem-error.ts';
import { problemText } from './middleware/problems.ts';

/**
 * Maximum size of request line and headers, bytes. It is also the only bound of a token. The tokens of some issuers list hundreds of groups.
 */
export const headersMaxBytes = 32 * 1024;

/** Responds to a request that Node could not parse or that did not arrive in time, and closes the connection. */
export type RefuseUnreadable = (error: Error & { code?: string }, socket: Duplex) => void;

/** Error codes of Node and llhttp (https://nodejs.org/api/http.html#event-clienterror). All other codes mean that the bytes are not HTTP/1.1. */
const knownErrors: Readonly<Record<string, () => ProblemError>> = {
  HPE_HEADER_OVERFLOW: () =>
    new ProblemError('headers_too_large', `The headers are too large: expected at most ${headersMaxBytes} bytes`),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () =>
    new ProblemError('body_too_large', 'The chunk extensions of the body are too large'),
  ERR_HTTP_REQUEST_TIMEOUT: () => new ProblemError('request_timeout', 'The request did not arrive in time'),
};

/** Creates the handler. It logs nothing, because otherwise any client could fill the log. */
export function createRefuseUnreadable(parts: {
  readonly metrics: Pick<Metrics, 'countProblem'>;
  readonly newRequestId: () => string;
}): RefuseUnreadable {
  return (error, socket) => {
    if (error.code !== 'ECONNRESET' && socket.writable && !isBeingAnswered(socket)) {
      const problem =
        knownErrors[error.code ?? '']?.() ??
        new ProblemError('invalid_request', 'The bytes are not an HTTP/1.1 request');
      parts.metrics.countProblem(problem.code);
      socket.write(answerText(problem, parts.newRequestId()));
    }
    // `end` would keep the connection open while the client continues to send.
    socket.destroy();
  };
}

/** Whether a response has begun. A second response would corrupt it. Reads the same field as Node's own handler. */
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
