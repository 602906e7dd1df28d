import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';
import { createVanishGuard } from './vanish-guard.ts';

const settings = { vanishWindowSeconds: 15, suspiciousShare: 0.15, keepSeconds: 300 };

function node(name: string, status: NodeReport['status'] = 'healthy'): NodeRecord {
  const [region = '', id = ''] = name.split('/');
  return { key: { region, id }, report: { status, cpu: 1, bandwidth_mbps: 1, public_ip: '192.0.2.1', port: 3478 } };
}

const fleetOf = (region: string, count: number) =>
  Array.from({ length: count }, (_, index) => node(`${region}/${index}`));
const namesOf = (records: readonly NodeRecord[]) => records.map(({ key }) => `${key.region}/${key.id}`);

/** Creates a guard that has read this fleet at 0 s. */
function guardOf(fleet: readonly NodeRecord[]) {
  const said: string[] = [];
  const guard = createVanishGuard({
    onSuspicion: (names, isFollowing) => said.push(`${isFollowing ? 'more ' : ''}suspects ${names.join(' ')}`),
    onVerdict: ({ kept, gone, because }) => said.push(`kept ${kept.join(' ')}; gone ${gone.join(' ')}; ${because}`),
  });
  let present: readonly NodeRecord[] = [];
  const read = (seconds: number, records: readonly NodeRecord[], serverId = 'first') => {
    const change = {
      joined: records.filter((record) => !present.includes(record)),
      gone: present.filter((record) => !records.includes(record)),
    };
    present = records;
    guard.takeReading(change, serverId, settings, seconds * 1000);
  };
  /** Checks the suspects that are due; only these nodes answer. */
  const ask = (seconds: number, answering: readonly string[]) => {
    const asked = guard.takeSuspects(seconds * 1000);
    const answered = new Set(namesOf(asked).filter((name) => answering.includes(name)));
    guard.takeAnswers(asked, answered, seconds * 1000);
    return namesOf(asked);
  };
  read(0, fleet);
  return { guard, said, read, ask, kept: () => namesOf(guard.kept()) };
}

describe('a node that vanishes alone', () => {
  test('is gone at once without a check', () => {
    const fleet = fleetOf('fra', 4);
    const { said, read, ask, kept } = guardOf(fleet);
    read(1, fleet.slice(1));
    expect([kept(), ask(1, []), said]).toEqual([[], [], []]);
  });

  test('is checked after a recent break of the registry, and stays only if it answers', () => {
    const fleet = fleetOf('fra', 4);
    const { guard, said, read, ask, kept } = guardOf(fleet);
    guard.takeFailure(1000);
    read(3, fleet.slice(1));
    expect(ask(3, [])).toEqual(['fra/0']);
    expect(kept()).toEqual([]);
    read(4, fleet.slice(2));
    expect(ask(4, ['fra/1'])).toEqual(['fra/1']);
    expect(kept()).toEqual(['fra/1']);
    expect(said.at(-1)).toBe('kept fra/1; gone ; answers');
  });

  test('is gone even if it was the only node', () => {
    const { read, kept } = guardOf(fleetOf('fra', 1));
    read(1, []);
    expect(kept()).toEqual([]);
  });
});

describe('nodes that vanish together', () => {
  test('are kept until they have been checked, once each, and are reported once', () => {
    const fleet = fleetOf('fra', 8);
    const { guard, said, read, kept } = guardOf(fleet);
    read(1, fleet.slice(4));
    read(2, fleet.slice(4));
    expect(kept()).toEqual(['fra/0', 'fra/1', 'fra/2', 'fra/3']);
    expect(said).toEqual(['suspects fra/0 fra/1 fra/2 fra/3']);
    expect(guard.takeSuspects(2000)).toHaveLength(4);
    expect(guard.takeSuspects(2000)).toEqual([]);
  });

  test('are detected when they vanish one after the other, including the first', () => {
    const fleet = fleetOf('fra', 8);
    const { read, kept } = guardOf(fleet);
    read(1, fleet.slice(1));
    expect(kept()).toEqual([]);
    read(14, fleet.slice(2));
    expect(kept()).toEqual(['fra/0', 'fra/1']);
  });

  test('are reported once, however many parts they vanish in', () => {
    const fleet = fleetOf('fra', 8);
    const { said, read, ask } = guardOf(fleet);
    for (const seconds of [2, 3, 4]) {
      read(seconds, fleet.slice(seconds));
      ask(seconds, []);
    }
    read(60, fleet);
    read(61, fleet.slice(2));
    expect(said.filter((line) => line.includes('suspects'))).toEqual([
      'suspects fra/0 fra/1',
      'more suspects fra/2',
      'more suspects fra/3',
      'suspects fra/0 fra/1',
    ]);
  });

  test('are no group when more than the window lies between them', () => {
    const fleet = fleetOf('fra', 8);
    const { read, kept } = guardOf(fleet);
    read(1, fleet.slice(1));
    read(16.1, fleet.slice(2));
    expect(kept()).toEqual([]);
  });

  test.each([
    [20, 3, 'are too few', []],
    [20, 4, 'are a group', ['fra/0', 'fra/1', 'fra/2', 'fra/3']],
    [13, 2, 'are a group', ['fra/0', 'fra/1']],
    [14, 2, 'are too few', []],
  ])('of a region of %i, %i %s', (size, gone, _, expected) => {
    const fleet = fleetOf('fra', size);
    // With this many other nodes, the group is too small for the whole registry.
    const others = fleetOf('iad', 200);
    const { read, kept } = guardOf([...fleet, ...others]);
    read(1, [...fleet.slice(gone), ...others]);
    expect(kept()).toEqual(expected);
  });

  test('are a group of the registry even if each is the only node of its region', () => {
    const fleet = ['a/1', 'b/1', 'c/1', 'd/1'].map((name) => node(name));
    const { read, kept } = guardOf(fleet);
    read(1, fleet.slice(2));
    expect(kept()).toEqual(['a/1', 'b/1']);
  });

  test('are not kept when they were not healthy', () => {
    const fleet = [node('fra/0', 'draining'), node('fra/1', 'unhealthy'), node('fra/2'), node('fra/3')];
    const { read, kept } = guardOf(fleet);
    read(1, fleet.slice(2));
    expect(kept()).toEqual([]);
  });

  test('stay when they answer and are gone when they do not', () => {
    const fleet = fleetOf('fra', 8);
    const { said, read, ask, kept } = guardOf(fleet);
    read(1, fleet.slice(4));
    ask(1, ['fra/0', 'fra/2']);
    expect(kept()).toEqual(['fra/0', 'fra/2']);
    expect(said.at(-1)).toBe('kept fra/0 fra/2; gone fra/1 fra/3; answers');
  });

  test('are gone when none answers and the registry has no fault', () => {
    const fleet = fleetOf('fra', 8);
    const { said, read, ask, kept } = guardOf(fleet);
    read(1, fleet.slice(4));
    ask(1, []);
    expect(kept()).toEqual([]);
    expect(said.at(-1)).toBe('kept ; gone fra/0 fra/1 fra/2 fra/3; silence');
  });

  test('stay when none answers and the registry was unreachable, replaced or emptied', () => {
    const fleet = fleetOf('fra', 8);
    const away = guardOf(fleet);
    away.guard.takeFailure(500);
    away.read(1, fleet.slice(4));
    away.ask(1, []);
    expect(away.kept()).toHaveLength(4);
    expect(away.said.at(-1)).toBe('kept fra/0 fra/1 fra/2 fra/3; gone ; fault');

    const another = guardOf(fleet);
    another.read(1, fleet.slice(4), 'second');
    another.ask(1, []);
    expect(another.kept()).toHaveLength(4);

    const emptied = guardOf(fleet);
    emptied.read(1, []);
    emptied.ask(1, []);
    expect(emptied.kept()).toHaveLength(8);
  });

  test('are gone when they are silent and others answer, even after a registry fault', () => {
    const fleet = fleetOf('fra', 8);
    const { guard, read, ask, kept } = guardOf(fleet);
    guard.takeFailure(500);
    read(1, fleet.slice(4));
    ask(1, ['fra/0']);
    expect(kept()).toEqual(['fra/0']);
    read(2, fleet.slice(5));
    ask(2, []);
    expect(kept()).toEqual(['fra/0']);
  });

  test('are checked again while they are kept, and are gone once they stop answering', () => {
    const fleet = fleetOf('fra', 8);
    const { said, read, ask, kept } = guardOf(fleet);
    read(1, fleet.slice(4));
    ask(1, ['fra/0', 'fra/1']);
    expect(ask(10.9, [])).toEqual([]);
    expect(ask(11, ['fra/1'])).toEqual(['fra/0', 'fra/1']);
    expect(kept()).toEqual(['fra/1']);
    expect(said.at(-1)).toBe('kept ; gone fra/0; answers');
  });

  test('stay no longer than `keepSeconds` even if they answer', () => {
    const fleet = fleetOf('fra', 8);
    const { read, ask, kept } = guardOf(fleet);
    read(1, fleet.slice(4));
    ask(1, ['fra/0']);
    read(301, fleet.slice(4));
    expect(kept()).toEqual(['fra/0']);
    read(301.1, fleet.slice(4));
    expect(kept()).toEqual([]);
  });

  test('are normal nodes once they report again, and a late answer changes nothing', () => {
    const fleet = fleetOf('fra', 8);
    const { guard, said, read, kept } = guardOf(fleet);
    read(1, fleet.slice(4));
    const asked = guard.takeSuspects(1000);
    read(2, fleet);
    guard.takeAnswers(asked, new Set(), 2500);
    expect(kept()).toEqual([]);
    expect(said).toHaveLength(1);
  });
});

test('a node that comes and goes is asked at most once a second', () => {
  const fleet = fleetOf('fra', 4);
  const { guard, read, ask } = guardOf(fleet);
  const askedAtMs: number[] = [];
  for (let nowMs = 0; nowMs < 3_000; nowMs += 100) {
    guard.takeFailure(nowMs);
    read(nowMs / 1_000, fleet);
    read(nowMs / 1_000, fleet.slice(1));
    if (ask(nowMs / 1_000, ['fra/0']).includes('fra/0')) askedAtMs.push(nowMs);
  }
  expect(askedAtMs).toEqual([0, 1_000, 2_000]);
});
