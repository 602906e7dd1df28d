import { faultsFromZodError } from '@turn-router/contract/http';
import { nodeReportMaxBytes } from '@turn-router/contract/registry';
import express, { type RequestHandler } from 'express';
import type { z } from 'zod';
import { ProblemError } from '../problem-error.ts';

const jsonType = 'application/json';

/**
 * Reads a JSON body into `req.body`; no body is the same as `{}`. A body that says it is something else is
 * refused rather than ignored, since the caller would wonder why its wishes have no effect.
 *
 * @param maxBytes default: 4 KiB
 */
export function jsonBody(maxBytes: number = nodeReportMaxBytes): RequestHandler[] {
  return [
    (req, _, next) => {
      const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
      if (hasBody && req.headers['content-type'] !== jsonType && !req.is(jsonType)) {
        throw new ProblemError('unsupported_media_type', 'Content-Type: expected application/json');
      }
      req.body = {};
      next();
    },
    // Not strict: the schema says that a body is no object. No inflating: a small body may hide a large one. Of any type: see above.
    express.json({ limit: maxBytes, strict: false, inflate: false, type: () => true }),
  ];
}

/**
 * Holds what a caller sent against its schema.
 *
 * @throws ProblemError `invalid_request` with every fault
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw ProblemError.fromFaults(faultsFromZodError(parsed.error));
  return parsed.data;
}
