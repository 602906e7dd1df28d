import { describe, expect, test } from '@jest/globals';
import { faultOfPrimary, faultOfReplica, replicationFrom } from './server-state.ts';

const info = (...lines: string[]) => ['# Replication', ...lines, 'master_replid:8c1d', ''].join('\r\n');
const replica = (link: string, silence: number) =>
  info('role:slave', 'master_host:127.0.0.1', `master_link_status:${link}`, `master_last_io_seconds_ago:${silence}`);

const demoted = 'a replica answers in place of the primary';
const promoted = 'a primary answers in place of the replica';
const cutOff = 'the replica has lost its primary';

describe('INFO replication', () => {
  test.each([
    ['a primary', info('role:master', 'connected_slaves:1'), undefined, promoted],
    ['a replica that has just heard from its primary', replica('up', 0), demoted, undefined],
    ['a replica whose primary was silent for 14 s', replica('up', 14), demoted, undefined],
    ['a replica whose primary was silent for 15 s', replica('up', 15), demoted, cutOff],
    ['a replica that has lost its primary', replica('down', 3), demoted, cutOff],
    ['a replica that was never linked', replica('down', -1), demoted, cutOff],
    ['a server other than Redis', 'hello', undefined, undefined],
  ])('is evaluated for %s', (_, text, asPrimary, asReplica) => {
    const state = { runId: undefined, ...replicationFrom(text) };
    expect(faultOfPrimary(state)).toBe(asPrimary);
    expect(faultOfReplica(state)).toBe(asReplica);
  });
});
