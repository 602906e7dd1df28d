import type { ResponseConfig } from '@asteasolutions/zod-to-openapi';
import type { ProblemCode } from '@turn-router/contract/http';
import type { z } from 'zod';

/** Header fields of a response, by name. */
export type HeaderNotes = Readonly<
  Record<
    string,
    { readonly description: string; readonly schema: { readonly type: 'string'; readonly example?: string } }
  >
>;

/** The OpenAPI description of a route. It does not contain the parts that method, path, body and access determine. */
export type Operation = {
  readonly summary: string;
  readonly description?: string;
  /** Path parameters. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Status → response. */
  readonly answers: Readonly<
    Record<number, Pick<ResponseConfig, 'content'> & { readonly description: string; readonly headers?: HeaderNotes }>
  >;
  /** Problem codes of the handler. The codes of access, body and every route are added to them. */
  readonly problems?: readonly ProblemCode[];
};

export const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
