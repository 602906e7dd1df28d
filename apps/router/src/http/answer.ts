import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler, Response } from 'express';
import { localsOf } from './locals.ts';

export type Answer = {
  /** Default 200. */
  readonly status?: number;
  /** `Content-Type`. */
  readonly type?: string;
  /** Default: none. */
  readonly body?: string | Buffer;
};

/** Sends the response with the header fields that were set so far. Head and body are sent in one write. */
export function answer(res: Response, { status = 200, type, body }: Answer): void {
  const { fields } = localsOf(res);
  if (type !== undefined) setField(res, 'Content-Type', type);
  if (body === undefined) {
    res.writeHead(status, fields).end();
    return;
  }
  const length = Buffer.byteLength(body);
  setField(res, 'Content-Length', `${length}`);
  res.writeHead(status, fields);
  // If both lengths are equal, the text is ASCII and needs no encoding.
  res.end(body, length === body.length ? 'latin1' : 'utf8');
}

/** Sends a JSON response that must not be cached. */
export function answerJson(res: Response, value: unknown, status = 200): void {
  setField(res, 'Cache-Control', 'no-store');
  answer(res, { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) });
}

/** Sets a header field of the response. Replaces a field whose name is spelled the same. */
export function setField(res: Response, name: string, value: string): void {
  const { fields } = localsOf(res);
  const index = indexOfField(fields, name);
  if (index === -1) fields.push(name, value);
  else fields[index + 1] = value;
}

/** Appends to a header field that is a list (RFC 9110 §5.6.1). */
export function addToField(res: Response, name: string, value: string): void {
  const { fields } = localsOf(res);
  const index = indexOfField(fields, name);
  if (index === -1) fields.push(name, value);
  else fields[index + 1] = `${fields[index + 1]}, ${value}`;
}

/** Finds the position of a name. It searches only the names, because a value may equal a name. */
function indexOfField(fields: readonly string[], name: string): number {
  for (let index = 0; index < fields.length; index += 2) if (fields[index] === name) return index;
  return -1;
}

/**
 * Returns the header fields that a middleware sets on every response in the same way. It runs the middleware once on an unused response. Running
 * the middleware for each request would take longer than choosing a relay.
 */
export function fieldsSetBy(
  middleware: (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void,
): readonly string[] {
  const res = new RecordedResponse(new IncomingMessage(new Socket()));
  middleware(res.req, res, (error) => {
    if (error !== undefined) throw error;
  });
  return [...res.fields].flat();
}

/** Records header names as they are spelled, because Node returns header names in lower case only. */
class RecordedResponse extends ServerResponse {
  readonly fields = new Map<string, string>();

  override setHeader(name: string, value: number | string | readonly string[]): this {
    this.fields.set(name, String(value));
    return super.setHeader(name, value);
  }
}

/** Copies the header fields that were set so far to the Node response, for middleware that sends its own response. */
export const handOverFields: RequestHandler = (_req, res, next) => {
  const { fields } = localsOf(res);
  for (let index = 0; index < fields.length; index += 2) res.setHeader(fields[index] ?? '', fields[index + 1] ?? '');
  next();
};
