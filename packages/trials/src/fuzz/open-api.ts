/** The part of JSON Schema 2020-12 that the documents of our listeners use. */
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

/** The part of an OpenAPI 3.1 document that the fuzzer reads. */
export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> };
};

export type FuzzedOperation = {
  /** Method in upper case. */
  readonly method: string;
  /** Path with its parameters in braces. */
  readonly path: string;
  /** Names of the security schemes, of which a request needs one. `undefined` in the list means that a request may omit it. */
  readonly security: readonly (string | undefined)[];
  readonly parameters: readonly Parameter[];
  readonly bodySchema: JsonSchema | undefined;
  /** Media type of the answer by status; undefined if the answer has no body. */
  readonly responses: ReadonlyMap<number, string | undefined>;
};

/** The API of one listener. */
export type Api = { readonly url: string; readonly document: OpenApi; readonly operations: readonly FuzzedOperation[] };

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** The document assumed for a listener that serves none: it has only `/metrics`. */
const metricsOnly: OpenApi = {
  paths: { '/metrics': { get: { responses: { 200: { content: { 'text/plain': {} } } } } } },
};

/** Reads the OpenAPI document of a listener. */
export async function readApi(url: string): Promise<Api> {
  const answer = await fetch(`${url}/openapi.json`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an operation that it lacks is reported as not reached
  const document = answer.ok ? ((await answer.json()) as OpenApi) : metricsOnly;
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
