import { describe, expect, test } from '@jest/globals';
import { curlLine } from './curl-line.ts';
import type { FuzzedRequest } from './fuzzed-request.ts';
import { createJudgeAnswer } from './judge-answer.ts';
import { operationsOf, type OpenApi } from './open-api.ts';

const problem = { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] } as const;
const document: OpenApi = {
  paths: {
    '/v1/calls/{id}': {
      put: {
        responses: {
          200: { content: { 'application/json': { schema: { type: 'object', required: ['id'] } } } },
          204: {},
          401: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
          503: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
        },
      },
    },
  },
  components: { schemas: { Problem: problem } },
};
const operations = operationsOf(document);
const [operation] = operations;
const judge = createJudgeAnswer({ url: '', document, operations });

const sent: FuzzedRequest = {
  method: 'PUT',
  path: '/v1/calls/1',
  headers: [],
  body: Buffer.from(''),
  isChunked: false,
  operation,
};
const elsewhere: FuzzedRequest = { ...sent, method: 'PATCH', operation: undefined };
const safe = { 'x-request-id': 'id-1', 'x-content-type-options': 'nosniff' };
const json = { ...safe, 'content-type': 'application/json; charset=utf-8' };
const asProblem = { ...safe, 'content-type': 'application/problem+json; charset=utf-8' };

describe('judges the answer of an operation', () => {
  test.each<[status: number, headers: Record<string, string>, text: string, fault: string | undefined]>([
    [200, json, '{"id":1}', undefined],
    [200, json, '{}', "fails its schema: data must have required property 'id'"],
    [200, json, '{', 'not JSON: {'],
    [200, safe, '{"id":1}', 'status 200 has type undefined, expected application/json'],
    [200, { ...json, 'x-request-id': '' }, '{"id":1}', 'status 200: invalid header x-request-id: '],
    [204, safe, '', undefined],
    [204, safe, 'x', 'unexpected body: no body is documented'],
    [401, { ...asProblem, 'www-authenticate': 'Bearer' }, '{"code":"x"}', undefined],
    [401, asProblem, '{"code":"x"}', 'status 401: invalid header www-authenticate: undefined'],
    [503, asProblem, '{"code":"x"}', undefined],
    [503, asProblem, '{}', "fails its schema: data must have required property 'code'"],
    [304, safe, '', 'status 304 is not documented: '],
    [500, asProblem, '{"code":"x"}', 'status 500: {"code":"x"}'],
    [0, {}, 'ECONNRESET', 'no answer: ECONNRESET'],
  ])('status %d with headers %j and body %s: fault %s', (status, headers, text, fault) => {
    expect(judge(sent, { status, headers, text })).toBe(fault);
  });
});

describe('judges the answer to a request that matches no operation', () => {
  test.each<[status: number, headers: Record<string, string>, text: string, fault: string | undefined]>([
    [200, safe, 'anything', undefined],
    [404, asProblem, '{"code":"not_found"}', undefined],
    [
      404,
      { ...safe, 'content-type': 'text/html' },
      'no',
      'status 404 has type text/html, expected application/problem+json',
    ],
    [405, asProblem, '{"code":"x"}', 'status 405: invalid header allow: undefined'],
    [404, asProblem, '{}', "fails its schema: data must have required property 'code'"],
    [502, asProblem, '{}', 'status 502: {}'],
  ])('status %d with headers %j and body %s: fault %s', (status, headers, text, fault) => {
    expect(judge(elsewhere, { status, headers, text })).toBe(fault);
  });
});

test('curlLine renders a request as a command that a shell understands', () => {
  const odd: FuzzedRequest = {
    ...sent,
    path: '/v1/calls/1?a=%00',
    headers: [
      ['Authorization', 'Bearer it’s'],
      ['X-Empty', ''],
    ],
    body: Buffer.from(`{"user":"o'neil"}`),
    isChunked: true,
  };
  expect(curlLine('http://127.0.0.1:8080', odd)).toBe(
    String.raw`curl --path-as-is -X PUT 'http://127.0.0.1:8080/v1/calls/1?a=%00' -H $'Authorization: Bearer it\xe2\x80\x99s' -H 'X-Empty;' ` +
      String.raw`-H 'Transfer-Encoding: chunked' --data-binary '{"user":"o'\''neil"}'`,
  );
});
