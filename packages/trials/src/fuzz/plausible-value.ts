import fc from 'fast-check';
import type { JsonSchema, OpenApi } from './open-api.ts';

/** Values that exist in the router, such as region names, by the name of the parameter or field. */
export type Hints = Readonly<Record<string, readonly unknown[]>>;

/** RFC 3339 allows only years with four digits. */
const fourDigitYears = { min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };

/** Longest random text. Only the text that tests the bound of a schema can be longer. */
const looseLength = 40;

/**
 * Draws values that the schema allows, including its bounds. A pattern with a look-ahead is not supported: such text is always a host name.
 */
export function plausibleValue(schema: JsonSchema, document: OpenApi, hints: Hints = {}): fc.Arbitrary<unknown> {
  const within = (inner: JsonSchema) => plausibleValue(inner, document, hints);
  if (schema.$ref !== undefined) return within(resolve(schema.$ref, document));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(within));
  const type = typeof schema.type === 'object' ? schema.type[0] : schema.type;
  switch (type ?? 'any') {
    case 'string':
      return plausibleText(schema);
    case 'integer':
      return plausibleInteger(schema);
    case 'number':
      return plausibleNumber(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(within(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 20),
      });
    case 'object':
      return plausibleObject(schema, within, hints);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function resolve(reference: string, { components }: OpenApi): JsonSchema {
  const found = components?.schemas?.[reference.replace('#/components/schemas/', '')];
  if (found === undefined) throw new Error(`the OpenAPI document lacks ${reference}`);
  return found;
}

function plausibleObject(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  within: (schema: JsonSchema) => fc.Arbitrary<unknown>,
  hints: Hints,
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => {
      const hinted = hints[name];
      return [
        name,
        hinted === undefined
          ? within(inner)
          : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...hinted) }, { weight: 1, arbitrary: within(inner) }),
      ];
    }),
  );
  const named = fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
  if (Object.keys(fields).length > 0 || typeof additionalProperties !== 'object') return named;
  return fc.dictionary(fc.string({ maxLength: looseLength }), within(additionalProperties), { maxKeys: 4 });
}

function plausibleText({ format, pattern, minLength = 0, maxLength }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'ipv4') return fc.ipV4();
  if (format === 'ipv6') return fc.ipV6();
  if (format === 'date-time') return fc.date(fourDigitYears).map((date) => date.toISOString());
  if (pattern !== undefined) {
    return pattern.includes('(?') ? fc.constant('turn-1.example.org') : fc.stringMatching(new RegExp(pattern));
  }
  const longest = maxLength ?? looseLength;
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ minLength, maxLength: Math.min(longest, looseLength) }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(longest, looseLength) }) },
    { weight: 1, arbitrary: fc.constantFrom(minLength, longest).map((length) => 'x'.repeat(length)) },
  );
}

function plausibleInteger({ minimum, exclusiveMinimum, maximum }: JsonSchema): fc.Arbitrary<number> {
  const min = minimum ?? (exclusiveMinimum === undefined ? -1_000_000 : exclusiveMinimum + 1);
  const max = maximum ?? 1_000_000;
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
}

function plausibleNumber({ minimum, exclusiveMinimum, maximum }: JsonSchema): fc.Arbitrary<number> {
  const min = minimum ?? exclusiveMinimum ?? -1e6;
  const options = { min, max: maximum ?? 1e6, minExcluded: exclusiveMinimum !== undefined, noNaN: true };
  return fc.oneof(fc.double(options), fc.integer({ min: Math.ceil(min) + 1, max: Math.floor(options.max) }));
}
