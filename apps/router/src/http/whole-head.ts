import type { Server } from 'node:http';
import type { RequestHandler } from 'express';
import { ProblemError } from '../problem-error.ts';

/** Maximum size of names and values of the headers together with the path, bytes. It is the only bound of a token, because some list hundreds of groups. */
export const headersMaxBytes = 32 * 1024;

/** Maximum number of header lines. Clients and proxies send fewer than 100. */
export const headerLinesMax = 256;

/** The problem of a head that exceeds one of the two maxima. */
export const headersTooLarge = (): ProblemError =>
  new ProblemError(
    'headers_too_large',
    `The headers are too large: expected at most ${headersMaxBytes} bytes and ${headerLinesMax} lines`,
  );

/**
 * Server options with which Node drops no header silently. By default it keeps only the first of several lines of `Authorization` and some other
 * fields. With `joinDuplicateHeaders` it joins them by commas, and the reader of the field refuses the list.
 */
export const wholeHeadOptions = { maxHeaderSize: headersMaxBytes, joinDuplicateHeaders: true };

/**
 * Makes Node keep every header line. By default Node 20 silently drops lines beyond 1 000, and late releases of Node 24 refuse the head. The maximum
 * size bounds the number of lines, and `refuseLongHead` refuses more than `headerLinesMax` with a problem.
 */
export function keepEveryHeaderLine(server: Pick<Server, 'maxHeadersCount'>): void {
  // 0: no limit.
  server.maxHeadersCount = 0;
}

/** Rejects requests with too many header lines. Place it before every handler that reads a header. */
export const refuseLongHead: RequestHandler = (req, _res, next) => {
  // Names and values alternate in this list.
  if (req.rawHeaders.length > 2 * headerLinesMax) throw headersTooLarge();
  next();
};
