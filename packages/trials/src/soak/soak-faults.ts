import type { FaultyProxy, NetworkFault, RedisServer, ScriptedReporters } from '@turn-router/testing';

/** The parts of the fleet that a fault can break. */
export type SoakStage = {
  /** Returns the current Redis. */
  readonly redis: () => RedisServer;
  /** Kills Redis. Starts an empty one on the same port when `down` has resolved. */
  readonly replaceRedis: (down: () => Promise<void>) => Promise<void>;
  /** The proxy between the router and Redis. */
  readonly proxy: FaultyProxy;
  readonly reporters: ScriptedReporters;
  /** Names of the nodes by region. */
  readonly nodes: ReadonlyMap<string, readonly string[]>;
  /** Returns numbers uniform in [0, 1). */
  readonly random: () => number;
};

export type SoakFault = {
  readonly name: string;
  /** Shortest and longest duration, seconds. */
  readonly seconds: readonly [number, number];
  /** Starts the fault, waits for `lasted`, and ends the fault. */
  readonly run: (stage: SoakStage, lasted: () => Promise<void>) => Promise<void>;
};

/** A fault of the network between the router and Redis. */
const throughNetwork = (name: string, seconds: SoakFault['seconds'], fault: NetworkFault): SoakFault => ({
  name,
  seconds,
  async run({ proxy }, lasted) {
    await proxy.setFault(fault);
    await lasted();
    await proxy.setFault({ kind: 'none' });
  },
});

/** A fault caused by commands to Redis: `begin` starts it, `end` ends it. */
const byCommands = (
  name: string,
  seconds: SoakFault['seconds'],
  begin: readonly (readonly string[])[],
  end: readonly (readonly string[])[] = [],
): SoakFault => ({
  name,
  seconds,
  async run({ redis }, lasted) {
    for (const command of begin) await redis().cli(...command);
    await lasted();
    for (const command of end) await redis().cli(...command);
  },
});

/** A fault that stops the reports of some nodes of a random region. */
const silenced = (
  name: string,
  seconds: SoakFault['seconds'],
  pick: (names: readonly string[]) => readonly string[],
): SoakFault => ({
  name,
  seconds,
  async run({ reporters, nodes, random }, lasted) {
    const regions = [...nodes.values()];
    const silent = pick(regions[Math.floor(random() * regions.length)] ?? []);
    reporters.silence(silent);
    await lasted();
    reporters.revive(silent);
  },
});

const withPassword = ['-a', 'soak', '--no-auth-warning'];
const badRecords = [
  ['EVAL', `redis.call('SET', KEYS[1], string.rep('x', 1048576), 'PX', 30000)`, '1', 'turn:node:us-east-1:megabyte'],
  ['SET', 'turn:node:us-east-1:cut', '{"cpu":', 'PX', '30000'],
  ['SET', 'turn:node:us-east-1:sly', '{"__proto__":{"status":"healthy"}}', 'PX', '30000'],
  ['HSET', 'turn:node:us-east-1:hash', 'status', 'healthy'],
];

/** The faults of the fault suite that can be repeated with one router and one Redis. */
export const soakFaults: readonly SoakFault[] = [
  {
    name: 'Redis stopped',
    seconds: [3, 45],
    async run({ redis }, lasted) {
      redis().signal('SIGSTOP');
      await lasted();
      redis().signal('SIGCONT');
    },
  },
  { name: 'Redis killed, back empty', seconds: [1, 20], run: ({ replaceRedis }, lasted) => replaceRedis(lasted) },
  byCommands('FLUSHALL', [5, 10], [['FLUSHALL']]),
  throughNetwork('black hole', [3, 30], { kind: 'black_hole' }),
  throughNetwork('refusal', [3, 30], { kind: 'refusal' }),
  throughNetwork('latency', [5, 30], { kind: 'latency', latencyMs: 100, jitterMs: 100 }),
  throughNetwork('slices', [5, 20], { kind: 'slices', bytes: 16 }),
  {
    name: 'resets',
    seconds: [1, 5],
    async run({ proxy }, lasted) {
      proxy.resetConnections();
      await lasted();
      proxy.resetConnections();
    },
  },
  silenced('a reporter killed', [20, 40], (names) => names.slice(0, 1)),
  silenced('half a region’s reporters killed', [20, 60], (names) => names.slice(names.length / 2)),
  byCommands('bad records', [10, 20], badRecords, [['DEL', 'turn:node:us-east-1:hash']]),
  byCommands('READONLY', [3, 20], [['REPLICAOF', '127.0.0.1', '9']], [['REPLICAOF', 'NO', 'ONE']]),
  byCommands(
    'NOAUTH',
    [3, 20],
    [
      ['CONFIG', 'SET', 'requirepass', 'soak'],
      [...withPassword, 'CLIENT', 'KILL', 'TYPE', 'normal'],
    ],
    [[...withPassword, 'CONFIG', 'SET', 'requirepass', '']],
  ),
  byCommands('OOM', [3, 30], [['CONFIG', 'SET', 'maxmemory', '1']], [['CONFIG', 'SET', 'maxmemory', '0']]),
];
