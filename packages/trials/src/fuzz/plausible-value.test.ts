import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { JsonSchema, OpenApi } from './open-api.ts';
import { plausibleValue } from './plausible-value.ts';

const region: JsonSchema = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,62}$' };
const document: OpenApi = { paths: {}, components: { schemas: { Region: region } } };

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema({ $id: 'api', components: { schemas: { Region: region } } });

describe('plausibleValue draws only values that the schema allows', () => {
  test.each<[name: string, schema: JsonSchema]>([
    ['text within bounds', { type: 'string', minLength: 1, maxLength: 128 }],
    ['text that matches a pattern', region],
    ['an IPv4 address', { type: 'string', format: 'ipv4' }],
    ['an IPv6 address', { type: 'string', format: 'ipv6' }],
    ['a time', { type: 'string', format: 'date-time' }],
    ['an integer within bounds', { type: 'integer', minimum: 60, maximum: 86_400 }],
    ['an integer above a bound', { type: 'integer', exclusiveMinimum: 0 }],
    ['a number within bounds', { type: 'number', minimum: 0, maximum: 100 }],
    ['a number above a bound', { type: 'number', exclusiveMinimum: 0 }],
    ['an enum', { enum: ['udp', 'tcp', 7] }],
    ['a constant', { const: true }],
    ['anyOf several schemas', { anyOf: [{ type: 'null' }, { type: 'boolean' }] }],
    ['a list within bounds', { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 16 }],
    ['an object with any field names', { type: 'object', additionalProperties: { type: 'integer' } }],
    [
      'an object with fixed fields',
      {
        type: 'object',
        properties: { region: { $ref: '#/components/schemas/Region' }, port: { type: 'integer', minimum: 1 } },
        required: ['region'],
        additionalProperties: false,
      },
    ],
  ])('for %s', (_, schema) => {
    const text = JSON.stringify(schema).replace('#/', 'api#/');
    const validate = ajv.compile(JSON.parse(text));
    fc.assert(
      fc.property(plausibleValue(schema, document), (value) => {
        // Serialized first, as when it is sent, because JSON lacks -0 and undefined.
        expect([value, validate(JSON.parse(JSON.stringify(value))), validate.errors]).toEqual([value, true, null]);
      }),
    );
  });
});

test('plausibleValue often gives a field a value from the hints', () => {
  const schema: JsonSchema = { type: 'object', properties: { region }, required: ['region'] };
  const drawn = fc.sample(plausibleValue(schema, document, { region: ['eu-central-1'] }), { seed: 1, numRuns: 100 });
  const known = drawn.filter((value) => JSON.stringify(value) === '{"region":"eu-central-1"}').length;
  expect(known).toBeGreaterThan(50);
  expect(known).toBeLessThan(100);
});
