import type { OpenApiGeneratorV31, OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { problems, problemSchema, type ProblemCode } from '@turn-router/contract/http';
import { patternOf, type Route } from '../route.ts';
import { json, type HeaderNotes, type Operation } from './operation.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** What the access of a route adds to its operation. */
export type AccessNotes = {
  readonly tags?: string[];
  /** Absent: open to anybody. */
  readonly security?: NonNullable<RouteConfig['security']>;
  readonly problems: readonly ProblemCode[];
  /** In the head of the route's answers. */
  readonly headers?: HeaderNotes;
};

/** Adds a route to a document; nothing for one without an operation. */
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

/** Of any route: it may fail, and a request may be one that is no HTTP, comes too slowly or has too much of a head. */
const anywhere = ['invalid_request', 'request_timeout', 'headers_too_large', 'internal_error'] as const;

/** One entry for each status that the codes can end in, naming the codes. */
function problemResponses(expected: readonly ProblemCode[]): Responses {
  const codes = [...new Set<ProblemCode>([...expected, ...anywhere])];
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
