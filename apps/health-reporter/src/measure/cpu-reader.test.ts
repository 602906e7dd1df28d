import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chooseCpuReader, parseProcStat, type CpuScope } from './cpu-reader.ts';

/** 4 CPUs, used for 1 of 10 seconds. */
const procStat = ['cpu  400 0 0 3600 0 0 0 0 0 0', 'cpu0 1', 'cpu1 1', 'cpu2 1', 'cpu3 1', ''].join('\n');
const machine = { source: '/proc/stat', sample: { usedSeconds: 4, elapsedSeconds: 10, cpus: 4 } };
const cgroup = (cpus: number) => ({ source: 'cgroup', sample: { usedSeconds: 2.5, elapsedSeconds: 60, cpus } });

async function choose(files: Record<string, string>, scope: CpuScope = 'auto') {
  await using root = await temporaryDirectory('cpu');
  for (const [path, text] of Object.entries({ 'proc/stat': procStat, ...files })) {
    const file = join(root.path, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const reader = await chooseCpuReader(root.path, scope, () => 60_000);
  return { source: reader.source, sample: await reader.read() };
}

const version2 = (directory: string, max: string, usedSeconds = 2.5) => ({
  [`sys/fs/cgroup/${directory}cpu.max`]: `${max}\n`,
  [`sys/fs/cgroup/${directory}cpu.stat`]: `usage_usec ${usedSeconds * 1e6}\nuser_usec 2000000\nsystem_usec 500000\n`,
});
const cpuset2 = (directory: string, cpus: string) => ({
  [`sys/fs/cgroup/${directory}cpuset.cpus.effective`]: `${cpus}\n`,
});
const version1 = (directory: string, quota: string, usedSeconds = 2.5) => ({
  [`sys/fs/cgroup/cpu/${directory}cpu.cfs_quota_us`]: `${quota}\n`,
  [`sys/fs/cgroup/cpu/${directory}cpu.cfs_period_us`]: '100000\n',
  [`sys/fs/cgroup/cpuacct/${directory}cpuacct.usage`]: `${usedSeconds * 1e9}\n`,
});
const version1Own = (path: string) => ({ 'proc/self/cgroup': `3:cpuset:${path}\n2:cpu,cpuacct:${path}\n0::/\n` });

describe('the source of the CPU figure', () => {
  test.each<[what: string, files: Record<string, string>, expected: unknown]>([
    ['no cgroup: the machine', {}, machine],
    ['v2 in a container with a quota', { 'proc/self/cgroup': '0::/\n', ...version2('', '150000 100000') }, cgroup(1.5)],
    ['v2 without a quota: the machine', { 'proc/self/cgroup': '0::/\n', ...version2('', 'max 100000') }, machine],
    [
      'v2 as a service with a quota',
      {
        'proc/self/cgroup': '0::/system.slice/turn.service\n',
        ...version2('system.slice/turn.service/', '50000 100000'),
      },
      cgroup(0.5),
    ],
    [
      'v2 under a path that only the host has',
      { 'proc/self/cgroup': '0::/docker/4f2a\n', ...version2('', '200000 100000') },
      cgroup(2),
    ],
    [
      'a quota above the machine: its CPUs',
      { 'proc/self/cgroup': '0::/\n', ...version2('', '800000 100000') },
      cgroup(4),
    ],
    ['v1 with a quota', { ...version1Own('/'), ...version1('', '25000') }, cgroup(0.25)],
    ['v1 under a path of the host', { ...version1Own('/docker/4f2a'), ...version1('', '25000') }, cgroup(0.25)],
    [
      'v1 as a service',
      { ...version1Own('/turn'), ...version1('turn/', '25000'), ...version1('', '-1') },
      cgroup(0.25),
    ],
    ['v1 without a quota: the machine', { ...version1Own('/'), ...version1('', '-1') }, machine],
    [
      'v2 with a quota of a parent: the use of that parent',
      {
        'proc/self/cgroup': '0::/turn.slice/turn.service\n',
        ...version2('turn.slice/turn.service/', 'max 100000', 1),
        ...version2('turn.slice/', '150000 100000'),
      },
      cgroup(1.5),
    ],
    [
      'v2 with a larger quota than its parent: the use of that parent',
      {
        'proc/self/cgroup': '0::/turn.slice/turn.service\n',
        ...version2('turn.slice/turn.service/', '300000 100000', 1),
        ...version2('turn.slice/', '150000 100000'),
      },
      cgroup(1.5),
    ],
    [
      'v2 with a smaller quota than its parent',
      {
        'proc/self/cgroup': '0::/turn.slice/turn.service\n',
        ...version2('turn.slice/turn.service/', '50000 100000'),
        ...version2('turn.slice/', '150000 100000', 1),
      },
      cgroup(0.5),
    ],
    [
      'v2 with a cpuset, which its parent has set',
      {
        'proc/self/cgroup': '0::/turn.slice/turn.service\n',
        ...version2('turn.slice/turn.service/', 'max 100000', 1),
        ...cpuset2('turn.slice/turn.service/', '0-1,3'),
        ...version2('turn.slice/', 'max 100000'),
        ...cpuset2('turn.slice/', '0-1,3'),
        ...cpuset2('', '0-3'),
      },
      cgroup(3),
    ],
    [
      'v2 in a container with a quota above its cpuset',
      { 'proc/self/cgroup': '0::/\n', ...version2('', '350000 100000'), ...cpuset2('', '2') },
      cgroup(1),
    ],
    [
      'v2 with a cpuset of all CPUs: the machine',
      { 'proc/self/cgroup': '0::/\n', ...version2('', 'max 100000'), ...cpuset2('', '0-3') },
      machine,
    ],
    [
      'v2 with an empty cpuset file: the machine',
      { 'proc/self/cgroup': '0::/\n', ...version2('', 'max 100000'), ...cpuset2('', '') },
      machine,
    ],
    [
      'v2 outside of the root of its namespace: the visible root',
      { 'proc/self/cgroup': '0::/../../other\n', ...version2('', '150000 100000'), 'sys/other/cpu.max': '1 100000\n' },
      cgroup(1.5),
    ],
    [
      'v1 with a quota of a parent',
      { ...version1Own('/a/b'), ...version1('a/b/', '-1', 1), ...version1('a/', '25000'), ...version1('', '-1', 2) },
      cgroup(0.25),
    ],
    [
      'v1 with a cpuset',
      {
        ...version1Own('/turn'),
        ...version1('turn/', '-1'),
        'sys/fs/cgroup/cpuset/turn/cpuset.effective_cpus': '0,2\n',
      },
      cgroup(2),
    ],
    ['files of another shape: the machine', { 'proc/self/cgroup': '0::/\n', ...version2('', 'soon') }, machine],
  ])('%s', async (_what, files, expected) => {
    expect(await choose(files)).toEqual(expected);
  });

  test('the scope "machine" ignores a quota', async () => {
    expect(await choose({ 'proc/self/cgroup': '0::/\n', ...version2('', '150000 100000') }, 'machine')).toEqual(
      machine,
    );
  });

  test('a machine without these files has no sample', async () => {
    expect(await choose({ 'proc/stat': '' })).toEqual({ source: '/proc/stat', sample: undefined });
  });
});

describe('/proc/stat', () => {
  test('counts everything but idle and waiting as used, guests once, over all CPUs', () => {
    const text = [
      'cpu  1000 100 500 8000 200 50 30 120 40 5',
      'cpu0 500 50 250 4000 100 25 15 60 20 5',
      'cpu1 500 50 250 4000 100 25 15 60 20 0',
      'intr 322537 0 0',
      'ctxt 659141',
    ].join('\n');
    expect(parseProcStat(text)).toEqual({ usedSeconds: 18, elapsedSeconds: 50, cpus: 2 });
  });

  test.each([
    ['an empty text', ''],
    ['no total', 'cpu0 1 2 3 4\n'],
    ['no CPU', 'cpu  1 2 3 4\n'],
    ['words instead of numbers', 'cpu  a b c d\ncpu0 a b c d\n'],
    ['too few columns', 'cpu  1 2\ncpu0 1 2\n'],
  ])('returns undefined for %s', (_what, text) => {
    expect(parseProcStat(text)).toBeUndefined();
  });
});
