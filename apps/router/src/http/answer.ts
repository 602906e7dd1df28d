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

/** Answers with the fields that have been set until now. Head and body go out in one write. */
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
  // As long in UTF-8 as it is: ASCII, which need not be encoded.
  res.end(body, length === body.length ? 'latin1' : 'utf8');
}

/** Answers with JSON that nobody may store. */
export function answerJson(res: Response, value: unknown, status = 200): void {
  setField(res, 'Cache-Control', 'no-store');
  answer(res, { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) });
}

/** Sets a field of the answer, in place of one of the same name in the same spelling. */
export function setField(res: Response, name: string, value: string): void {
  const { fields } = localsOf(res);
  const index = indexOfField(fields, name);
  if (index === -1) fields.push(name, value);
  else fields[index + 1] = value;
}

/** Adds to a field that is a list (RFC 9110 §5.6.1). */
export function addToField(res: Response, name: string, value: string): void {
  const { fields } = localsOf(res);
  const index = indexOfField(fields, name);
  if (index === -1) fields.push(name, value);
  else fields[index + 1] = `${fields[index + 1]}, ${value}`;
}

/** Among the names alone: a value may read like one. */
function indexOfField(fields: readonly string[], name: string): number {
  for (let index = 0; index < fields.length; index += 2) if (fields[index] === name) return index;
  return -1;
}

/**
 * The fields that a middleware sets on every answer alike, found once by letting it set them on an answer that nobody waits for: setting
 * them anew takes longer than deciding where to relay.
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

/** Node tells fields in lower case alone. */
class RecordedResponse extends ServerResponse {
  readonly fields = new Map<string, string>();

  override setHeader(name: string, value: number | string | readonly string[]): this {
    this.fields.set(name, String(value));
    return super.setHeader(name, value);
  }
}

/** For a middleware that answers by itself, on an answer as Node has it: hands over the fields that have been set until now. */
export const handOverFields: RequestHandler = (_req, res, next) => {
  const { fields } = localsOf(res);
  for (let index = 0; index < fields.length; index += 2) res.setHeader(fields[index] ?? '', fields[index + 1] ?? '');
  next();
};
