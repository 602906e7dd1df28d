import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FuzzedRequest } from './fuzzed-request.ts';
import type { Api } from './open-api.ts';
import type { FuzzedAnswer } from './send-request.ts';

/** Returns the fault of an answer, or undefined if the answer is correct. */
export type JudgeAnswer = (sent: FuzzedRequest, answer: FuzzedAnswer) => string | undefined;

const problemType = 'application/problem+json';

/** Headers that an answer must have, by status, with the pattern of their values. */
const headersOfStatus: Readonly<Record<number, Readonly<Record<string, RegExp>>>> = {
  401: { 'www-authenticate': /^Bearer/ },
  405: { allow: /^[A-Z, ]+$/ },
  429: { 'retry-after': /^\d+$/ },
};

/**
 * Creates a judge that checks answers against the listener's OpenAPI document: the operation must document the status, and the body must match
 * the schema of that status.
 */
export function createJudgeAnswer({ document }: Api): JudgeAnswer {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'api');
  const validators = new Map<string, ValidateFunction>();
  const validator = (pointer: string) => {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    validators.set(pointer, known);
    return known;
  };
  const problemPointer = document.components?.schemas?.['Problem'] && '/components/schemas/Problem';

  return (sent, { status, headers, text }) => {
    if (status === 0) return `no answer: ${text}`;
    if (status >= 500 && status !== 503) return `status ${status}: ${text}`;
    const headerFault = faultOfHeaders(status, headers);
    if (headerFault !== undefined) return headerFault;
    const type = headers['content-type']?.split(';')[0];

    const { operation } = sent;
    if (operation === undefined) {
      if (status < 400) return undefined;
      if (type !== problemType) return `status ${status} has type ${type}, expected ${problemType}`;
      return sent.method === 'HEAD' ? undefined : faultOfBody(text, problemPointer);
    }
    if (!operation.responses.has(status)) return `status ${status} is not documented: ${text.slice(0, 300)}`;
    const expectedType = operation.responses.get(status);
    if (type !== expectedType) return `status ${status} has type ${type}, expected ${expectedType ?? 'no body'}`;
    if (expectedType === undefined) return text === '' ? undefined : 'unexpected body: no body is documented';
    if (!expectedType.endsWith('json')) return undefined;
    const segments = ['paths', operation.path, operation.method.toLowerCase(), 'responses', `${status}`];
    return faultOfBody(text, pointerOf([...segments, 'content', expectedType, 'schema']));
  };

  function faultOfBody(text: string, pointer: string | undefined): string | undefined {
    const body: unknown = parsed(text);
    if (body === undefined) return `not JSON: ${text.slice(0, 300)}`;
    if (pointer === undefined) return undefined;
    const validate = validator(pointer);
    return validate(body) ? undefined : `fails its schema: ${ajv.errorsText(validate.errors)}`;
  }
}

/** Returns the fault of the first missing or malformed header, or undefined if all are correct. */
function faultOfHeaders(status: number, headers: FuzzedAnswer['headers']): string | undefined {
  const expected = { 'x-request-id': /./, 'x-content-type-options': /^nosniff$/, ...headersOfStatus[status] };
  const wrong = Object.entries(expected).find(([name, form]) => !form.test(String(headers[name] ?? '')));
  return wrong === undefined ? undefined : `status ${status}: invalid header ${wrong[0]}: ${String(headers[wrong[0]])}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Builds a JSON Pointer in URI fragment form (RFC 6901 §6). */
function pointerOf(segments: readonly string[]): string {
  return segments
    .map((segment) => `/${encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
}
