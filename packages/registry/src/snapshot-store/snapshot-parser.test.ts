import { describe, expect, test } from '@jest/globals';
import { nodeRecord } from './node-record.fixture.ts';
import { createSnapshotParser } from './snapshot-parser.ts';

const header = '{"format":"turn-router-snapshot","version":1,"savedAt":"2026-11-21T08:00:00.000Z","serverId":"run-1"}';
const { key, report } = nodeRecord(1);
const good = `["turn:node:eu-central-1:node-1",${JSON.stringify(report)}]`;

function parse(...lines: (string | undefined)[]) {
  const parser = createSnapshotParser();
  for (const line of lines) parser.add(line);
  return parser.result();
}

describe('the snapshot parser', () => {
  test('reads the records, the time and the server id', () => {
    expect(parse(header, good, '{"records":1}')).toEqual({
      ok: true,
      records: [{ key, report }],
      savedAt: new Date('2026-11-21T08:00:00Z'),
      serverId: 'run-1',
      rejectedCount: 0,
    });
  });

  test.each([
    ['no JSON', 'nonsense'],
    ['a line that was too long', undefined],
    ['an empty line', ''],
    ['a second record of a node', good],
    ['a key of another kind', good.replace('turn:node:', 'turn:key:')],
    ['an invalid node name', good.replace('node-1', 'Node 1')],
    ['a key with escapes', good.replace('node-1', String.raw`node\u002d2`)],
    ['a report of impossible figures', good.replace('node-1', 'node-2').replace('"cpu":1', '"cpu":101')],
    ['a report that is too large', good.replace('node-1', 'node-2').replace('Coturn', 'x'.repeat(4096))],
    ['two reports', good.replace('node-1', 'node-2').replace(/\]$/, `,${JSON.stringify(report)}]`)],
  ])('drops and counts %s', (_what, bad) => {
    const parsed = parse(header, good, bad, '{"records":2}');
    expect(parsed).toMatchObject({ ok: true, records: [{ key, report }], rejectedCount: 1 });
  });

  test('ignores "__proto__" in a record', () => {
    const parsed = parse(header, good.replace('{', '{"__proto__":{"weight":9},'), '{"records":1}');
    expect(parsed).toMatchObject({ ok: true, records: [{ report }] });
    expect(JSON.stringify(parsed)).not.toContain('weight');
  });

  const expectedFormat = 'expected the format turn-router-snapshot';
  test.each([
    ['an empty file', [], 'truncated', 'the file is empty'],
    ['a file without records or end', [header], 'truncated', 'the closing line is missing'],
    ['a file without end', [header, good], 'truncated', 'the closing line is missing'],
    ['a lost record', [header, '{"records":1}'], 'truncated', 'expected 1 records, found 0'],
    ['a record too many', [header, good, '{"records":0}'], 'truncated', 'expected 0 records, found 1'],
    [
      'a second end',
      [header, '{"records":0}', '{"records":0}'],
      'truncated',
      'the file continues after the closing line',
    ],
    [
      'records after the end',
      [header, '{"records":1}', good],
      'truncated',
      'the file continues after the closing line',
    ],
    ['no header', [good, '{"records":1}'], 'not_a_snapshot', expectedFormat],
    ['a header too long', [undefined, '{"records":0}'], 'not_a_snapshot', expectedFormat],
    ['a header that is null', ['null', '{"records":0}'], 'not_a_snapshot', expectedFormat],
    ['another format', [header.replace('turn', 'stun')], 'not_a_snapshot', expectedFormat],
    ['another version', [header.replace('1', '2')], 'not_a_snapshot', 'expected version 1'],
    ['a bad time', [header.replace('T08', 'T99')], 'not_a_snapshot', 'expected a time in savedAt'],
  ])('rejects %s as a whole', (_what, lines, code, detail) => {
    expect(parse(...lines)).toEqual({ ok: false, fault: { code, detail } });
  });
});
