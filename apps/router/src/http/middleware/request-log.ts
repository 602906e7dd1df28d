import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from '../../observe/logger.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { fieldsSetBy } from '../answer.ts';
import { truncatedAddress } from '../../callers/client-address.ts';
import { createLocals, localsOf } from '../locals.ts';

/** Header fields of every response. */
const safeFields = fieldsSetBy(helmet());

/** Machines request these routes every few seconds. Log lines about these requests would be useless. */
const quietRoutes = new Set(['/livez', '/readyz', '/metrics']);

export type RequestLogParts = {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly newRequestId: () => string;
  readonly monotonicNowMs: () => number;
};

/**
 * Gives each request an id, and its response the header fields of helmet. When the response has ended, it writes one log line and one measurement.
 * Headers, bodies and query strings are not logged. Of an address, only the network is logged.
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
      };
      if (failure !== undefined) {
        logger.error({ event: 'request.failed', ...line, ...logged, err: failure }, 'request failed');
      } else if (res.statusCode === 429) {
        // The rate limits log refusals themselves, once a minute for each caller.
        logger.debug({ event: 'request.refused', ...line, ...logged }, 'request refused');
      } else if (res.statusCode >= 500) {
        logger.warn({ event: 'request.refused', ...line, ...logged }, 'request refused');
      } else {
        logger.info({ event: 'request.answered', ...line, ...logged }, 'request answered');
      }
    });
    next();
  };
}
