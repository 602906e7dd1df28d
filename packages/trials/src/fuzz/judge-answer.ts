import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FuzzedRequest } from './fuzzed-request.ts';
import type { Api } from './open-api.ts';
import type { FuzzedAnswer } from './send-request.ts';

/** What is wrong with an answer to whatever was asked; undefined when nothing is. */
export type JudgeAnswer = (sent: FuzzedRequest, answer: FuzzedAnswer) => string | undefined;

const problemType = 'application/problem+json';

/** Headers that an answer of the status has, and of what form. */
const headersOfStatus: Readonly<Record<number, Readonly<Record<string, RegExp>>>> = {
  401: { 'www-authenticate': /^Bearer/ },
  405: { allow: /^[A-Z, ]+$/ },
  429: { 'retry-after': /^\d+$/ },
};

/** By the listener's own document: the status is one of the operation's, the body of that status's schema. */
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
    const missing = missingHeader(status, headers);
    if (missing !== undefined) return missing;
    const type = headers['content-type']?.split(';')[0];

    const { operation } = sent;
    if (operation === undefined) {
      if (status < 400) return undefined;
      if (type !== problemType) return `status ${status} of the type ${type}`;
      return sent.method === 'HEAD' ? undefined : faultOfBody(text, problemPointer);
    }
    if (!operation.responses.has(status)) return `status ${status} is not documented: ${text.slice(0, 300)}`;
    const expectedType = operation.responses.get(status);
    if (type !== expectedType) return `status ${status} of the type ${type}: ${expectedType} is documented`;
    if (expectedType === undefined) return text === '' ? undefined : 'a body where none is documented';
    if (!expectedType.endsWith('json')) return undefined;
    const segments = ['paths', operation.path, operation.method.toLowerCase(), 'responses', `${status}`];
    return faultOfBody(text, pointerOf([...segments, 'content', expectedType, 'schema']));
  };

  function faultOfBody(text: string, pointer: string | undefined): string | undefined {
    const body: unknown = parsed(text);
    if (body === undefined) return `no JSON: ${text.slice(0, 300)}`;
    if (pointer === undefined) return undefined;
    const validate = validator(pointer);
    return validate(body) ? undefined : `not of its schema: ${ajv.errorsText(validate.errors)}`;
  }
}

function missingHeader(status: number, headers: FuzzedAnswer['headers']): string | undefined {
  const expected = { 'x-request-id': /./, 'x-content-type-options': /^nosniff$/, ...headersOfStatus[status] };
  const wrong = Object.entries(expected).find(([name, form]) => !form.test(String(headers[name] ?? '')));
  return wrong === undefined ? undefined : `status ${status}, ${wrong[0]}: ${String(headers[wrong[0]])}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 6901, in a fragment. */
function pointerOf(segments: readonly string[]): string {
  return segments
    .map((segment) => `/${encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
}
