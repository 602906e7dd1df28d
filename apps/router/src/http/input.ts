import { faultsFromZodError } from '@turn-router/contract/http';
import { nodeReportMaxBytes, parseNodeName, type NodeKey } from '@turn-router/contract/registry';
import express, { type RequestHandler } from 'express';
import type { z } from 'zod';
import { ProblemError } from '../problem-error.ts';

const jsonType = 'application/json';

/** Default maximum size of a request body, bytes: that of a node report. */
const requestBodyMaxBytes = nodeReportMaxBytes;

/**
 * Reads a JSON body into `req.body`. If there is no body, it is `{}`. A body with another media type is rejected, because ignoring it would
 * silently drop the fields of the caller.
 *
 * @param maxBytes default: 4 KiB
 */
export function jsonBody(maxBytes: number = requestBodyMaxBytes): RequestHandler[] {
  return [
    (req, _, next) => {
      const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
      if (hasBody && req.headers['content-type'] !== jsonType && !req.is(jsonType)) {
        throw new ProblemError('unsupported_media_type', 'Content-Type: expected application/json');
      }
      req.body = {};
      next();
    },
    // strict is false, because the schema reports a body that is not an object. inflate is false, because a small body could expand to a large body.
    // Any type is accepted, because the handler above has checked the type.
    express.json({ limit: maxBytes, strict: false, inflate: false, type: () => true }),
  ];
}

/**
 * Parses request input with a schema.
 *
 * @throws ProblemError `invalid_request` that lists every fault
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw ProblemError.fromFaults(faultsFromZodError(parsed.error));
  return parsed.data;
}

/** Returns the key of a name that a schema has accepted as `<region>/<id>`. */
export function nodeKeyOf(name: string): NodeKey {
  const key = parseNodeName(name);
  if (key === undefined) throw new Error('Invalid node name: expected the schema to refuse it');
  return key;
}
