import type { OpenApiGeneratorV31, OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { problems, problemSchema, type ProblemCode } from '@turn-router/contract/http';
import { patternOf, type Route } from '../route.ts';
import { json, type HeaderNotes, type Operation } from './operation.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The part of an operation that depends on the access of the route. */
export type AccessNotes = {
  readonly tags?: string[];
  /** Absent if the route needs no authentication. */
  readonly security?: NonNullable<RouteConfig['security']>;
  readonly problems: readonly ProblemCode[];
  /** Header fields of the route's responses. */
  readonly headers?: HeaderNotes;
};

/** Adds a route to a document. Does nothing for a route without an operation. */
export function describeRoute(
  registry: OpenAPIRegistry,
  { method, path, body, operation }: Route<never>,
  notes: AccessNotes,
): void {
  if (operation === undefined) return;
  const { summary, description, params, query, answers, problems: own = [] } = operation;
  const ofBody = body === undefined ? [] : (['body_too_large', 'unsupported_media_type'] as const);
  registry.registerPath({
    method,
    path: patternOf(path),
    ...(notes.tags && { tags: notes.tags }),
    summary,
    ...(description !== undefined && { description }),
    ...(notes.security && { security: notes.security }),
    request: { params, query, ...(body && { body: { content: json(body.schema), required: body.required } }) },
    responses: {
      ...answerResponses(answers, notes.headers),
      ...problemResponses([...ofBody, ...notes.problems, ...own]),
    },
  });
}

type Responses = RouteConfig['responses'];

function answerResponses(answers: Operation['answers'], ofAccess: HeaderNotes = {}): Responses {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, headers: own, content }]) => {
      const headers = { ...ofAccess, ...own };
      const hasHeaders = Object.keys(headers).length > 0;
      return [status, { description, ...(hasHeaders && { headers }), ...(content && { content }) }];
    }),
  );
}

/** Problem codes of every route. They are for failures of the router, and for requests that are malformed, too slow or have too large headers. */
const commonProblems = ['invalid_request', 'request_timeout', 'headers_too_large', 'internal_error'] as const;

/** Creates one response for each status of the codes. The description of the response lists the codes. */
function problemResponses(expected: readonly ProblemCode[]): Responses {
  const codes = [...new Set<ProblemCode>([...expected, ...commonProblems])];
  const statuses = new Set(codes.map((code) => problems[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      {
        description: codes.filter((code) => problems[code].status === status).join(', '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}
