/** Of JSON Schema 2020-12, what the documents of our listeners use. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
};

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: JsonSchema;
};
type OperationObject = {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
};

/** Of an OpenAPI 3.1 document, what is read of it. */
export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
};

export type FuzzedOperation = {
  /** In capitals. */
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  /** Names of the security schemes of which one will do; undefined: none at all will do, too. */
  readonly security: readonly (string | undefined)[];
  readonly parameters: readonly Parameter[];
  readonly bodySchema: JsonSchema | undefined;
  /** Status → media type of the answer; undefined: without a body. */
  readonly responses: ReadonlyMap<number, string | undefined>;
};

/** One listener's API. */
export type Api = { readonly url: string; readonly document: OpenApi; readonly operations: readonly FuzzedOperation[] };

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** What a listener without a document is known to have. */
const metricsAlone: OpenApi = {
  paths: { '/metrics': { get: { responses: { 200: { content: { 'text/plain': {} } } } } } },
};

/** Asks a listener what it can do. */
export async function readApi(url: string): Promise<Api> {
  const answer = await fetch(`${url}/openapi.json`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is missing in it shows as an operation that is not asked
  const document = answer.ok ? ((await answer.json()) as OpenApi) : metricsAlone;
  return { url, document, operations: operationsOf(document) };
}

export function operationsOf({ paths }: OpenApi): FuzzedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, { security = [{}], parameters = [], requestBody, responses }]) => ({
        method: method.toUpperCase(),
        path,
        security: security.map((scheme) => Object.keys(scheme)[0]),
        parameters,
        bodySchema: requestBody?.content['application/json']?.schema,
        responses: new Map(
          Object.entries(responses).map(([status, { content = {} }]) => [Number(status), Object.keys(content)[0]]),
        ),
      })),
  );
}
