import fc from 'fast-check';
import { deep, nastyText, nastyValue, report } from './garbage-values.fixture.ts';

const recordName = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    ':',
    'EU:x',
    'a:b:c',
    'eu-central-1:',
    'eu-central-1:\r\n',
    `eu-central-1:${'x'.repeat(64)}`,
    '__proto__:x',
  ),
  fc.integer({ min: 0, max: 40 }).map((index) => `eu-central-1:bad-${index}`),
  nastyText,
);
const recordValue = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(report, nastyValue).map((value) => JSON.stringify(value) ?? '') },
  { weight: 2, arbitrary: nastyText },
  { weight: 1, arbitrary: deep },
  {
    weight: 1,
    arbitrary: fc.constantFrom('x'.repeat(1_000_000), `{"status":"healthy","software":"${'x'.repeat(5000)}"}`),
  },
);

/** A Redis command that writes a record which no reporter would write. */
export const garbageRecord: fc.Arbitrary<string[]> = fc
  .tuple(fc.constantFrom('SET', 'SET', 'SET', 'RPUSH', 'SADD'), recordName, recordValue)
  .map(([command, name, value]) => [command, `turn:node:${name}`, value])
  .filter(([, name]) => name !== 'turn:node:eu-central-1:node-01');
