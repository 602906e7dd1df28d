import type { ResponseConfig } from '@asteasolutions/zod-to-openapi';
import type { ProblemCode } from '@turn-router/contract/http';
import type { z } from 'zod';

/** Header fields of an answer, by name. */
export type HeaderNotes = Readonly<
  Record<
    string,
    { readonly description: string; readonly schema: { readonly type: 'string'; readonly example?: string } }
  >
>;

/** What OpenAPI says of a route, beyond what its method, path, body and access say. */
export type Operation = {
  readonly summary: string;
  readonly description?: string;
  /** What the path holds. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** Status → the answer. */
  readonly answers: Readonly<
    Record<number, Pick<ResponseConfig, 'content'> & { readonly description: string; readonly headers?: HeaderNotes }>
  >;
  /** What else the handler answers with. Those of access and body, and those of any route, are added. */
  readonly problems?: readonly ProblemCode[];
};

export const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
