import { expect, test } from '@jest/globals';
import { watchDrains, type DrainableNode } from './watch-drains.ts';

type Statuses = Readonly<Record<string, 'healthy' | 'unhealthy' | 'draining'>>;

const nodesFrom = (statuses: Statuses): DrainableNode[] =>
  Object.entries(statuses).map(([name, status]) => {
    // `x-<id>`: in another region.
    const region = name.startsWith('x-') ? 'us' : 'eu';
    return { key: { region, id: name.replace('x-', '') }, report: { status } };
  });

/** Returns the events of each reading as `<action> <id> …`. */
function eventsOf(readings: readonly Statuses[]): string[] {
  const watch = watchDrains();
  return readings.map((statuses) =>
    watch(nodesFrom(statuses))
      .map(({ action, node }) => `${action.replace('node.', '')} ${node.replace('eu/', '')}`)
      .join(', '),
  );
}

test.each<[what: string, readings: Statuses[], events: string[]]>([
  ['nothing drains', [{ a: 'healthy' }, { a: 'unhealthy' }, {}, { a: 'healthy' }], ['', '', '', '']],
  ['a drain, reported once', [{ a: 'healthy' }, { a: 'draining' }, { a: 'draining' }], ['', 'draining a', '']],
  ['a drain that is undone', [{ a: 'healthy' }, { a: 'draining' }, { a: 'healthy' }], ['', 'draining a', 'returned a']],
  [
    'a drain to its end, and a new start',
    [
      { a: 'healthy', b: 'healthy' },
      { a: 'draining', b: 'healthy' },
      { b: 'healthy' },
      { b: 'healthy' },
      { a: 'unhealthy' },
      { a: 'healthy' },
    ],
    ['', 'draining a', 'drained a', '', '', 'returned a'],
  ],
  [
    'one drain after another',
    [{ a: 'healthy' }, { a: 'draining' }, { a: 'healthy' }, { a: 'draining' }, {}, { a: 'draining' }],
    ['', 'draining a', 'returned a', 'draining a', 'drained a', 'draining a'],
  ],
  [
    'a node that fails while it drains',
    [{ a: 'healthy' }, { a: 'draining' }, { a: 'unhealthy' }, { a: 'draining' }],
    ['', 'draining a', '', ''],
  ],
  ['a node that drains from the start', [{ b: 'healthy' }, { a: 'draining' }], ['', 'draining a']],
  ['a router that starts while a node drains', [{ a: 'draining' }, { a: 'draining' }, {}], ['', '', 'drained a']],
  ['the first reading, after none', [{}, { a: 'draining' }, { a: 'healthy' }], ['', '', 'returned a']],
  [
    'a node of its name elsewhere',
    [{ a: 'healthy', 'x-a': 'healthy' }, { a: 'draining', 'x-a': 'healthy' }, { 'x-a': 'healthy' }],
    ['', 'draining a', 'drained a'],
  ],
  [
    'several at once',
    [
      { a: 'healthy', b: 'draining' },
      { a: 'draining', b: 'healthy' },
    ],
    ['', 'draining a, returned b'],
  ],
])('%s', (_what, readings, events) => {
  expect(eventsOf(readings)).toEqual(events);
});

test('forgets the oldest of more than a thousand drained nodes', () => {
  const watch = watchDrains();
  watch(nodesFrom({ x: 'healthy' }));
  for (let id = 0; id < 1_001; id += 1) {
    watch(nodesFrom({ x: 'healthy', [`n${id}`]: 'draining' }));
    watch(nodesFrom({ x: 'healthy' }));
  }
  const back = watch(nodesFrom({ n0: 'healthy', n1: 'healthy', n1000: 'healthy' }));
  expect(back.map(({ action, node }) => `${action} ${node}`)).toEqual([
    'node.returned eu/n1',
    'node.returned eu/n1000',
  ]);
});
