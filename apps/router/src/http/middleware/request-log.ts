import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from '../../observe/logger.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { fieldsSetBy } from '../answer.ts';
import { truncatedAddress } from '../../callers/client-address.ts';
import { createLocals, localsOf } from '../locals.ts';

/** The security headers of every response. */
const safeFields = fieldsSetBy(helmet());

/** Routes that machines poll every few seconds. They are not logged. */
const quietRoutes = new Set(['/livez', '/readyz', '/metrics']);

export type RequestLogParts = {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly newRequestId: () => string;
  readonly monotonicNowMs: () => number;
};

/**
 * Assigns an id to each request, sets helmet's headers, and writes one log line and one measurement when the request has ended. Headers,
 * bodies and query strings are not logged. Of an address only the network is logged.
 */
export function requestLog({ logger, metrics, newRequestId, monotonicNowMs }: RequestLogParts): RequestHandler {
  return (req, res, next) => {
    const startedAtMs = monotonicNowMs();
    const requestId = newRequestId();
    res.locals = createLocals(requestId, [...safeFields, 'X-Request-Id', requestId]);
    res.once('close', () => {
      const { route = '(none)', clientAddress, caller, logged, failure } = localsOf(res);
      const durationMs = monotonicNowMs() - startedAtMs;
      metrics.observeRequest(route, res.statusCode, durationMs);
      if (quietRoutes.has(route)) return;
      const line = {
        requestId,
        method: req.method,
        route,
        status: res.statusCode,
        durationMs: Math.round(durationMs * 100) / 100,
        network: clientAddress === undefined ? undefined : truncatedAddress(clientAddress),
        caller: caller?.kind,
        key: caller?.kind === 'api-key' ? caller.keyId : undefined,
        aborted: res.writableFinished ? undefined : true,
        ...logged,
      };
      if (failure !== undefined) logger.error({ ...line, err: failure }, 'request failed');
      // At debug level, because the rate limiter logs it once a minute per caller.
      else if (res.statusCode === 429) logger.debug(line, 'request refused');
      else if (res.statusCode >= 500) logger.warn(line, 'request refused');
      else logger.info(line, 'request');
    });
    next();
  };
}
