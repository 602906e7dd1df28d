import { describe, expect, test } from '@jest/globals';
import { allocateAndRelease } from '@turn-router/stun';
import {
  canTurnserverDrain,
  freePort,
  pauseProcess,
  startCoturn,
  type CoturnOptions,
  type CoturnServer,
} from '@turn-router/testing';
import { issueCredential } from '@turn-router/turn-credentials';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createTurnProbe } from '../probe/turn-probe.ts';
import { healthReason } from './health-reason.ts';
import { healthAfterRound, startingHealth } from './health-state.ts';

const key = { id: 'north', secret: 'kJ8-first-north-secret' };
const thresholds = { success: 2, failure: 3 };
const never = new AbortController().signal;

/** The timeouts of probes: for a server that answers, even on a busy machine; and for one that never does. */
const longTimeoutMs = 10_000;
const shortTimeoutMs = 2_000;

/** A probed coturn, which a test may replace by another on the same port, and a clock that may be wrong. */
async function startStage(timeoutMs: number) {
  const port = await freePort();
  let coturn: CoturnServer = await startCoturn({ secrets: [key.secret], port });
  let clockErrorMs = 0;
  let health = startingHealth;
  const probe = createTurnProbe(
    {
      hosts: { IPv4: '127.0.0.1' },
      ports: { udp: port, tcp: port },
      serverName: undefined,
      realm: 'turn.test',
      proof: 'relay',
      proofIntervalMs: 0,
      proofsInRow: 1,
      timeoutMs,
    },
    { keys: [key] },
    { nowMs: () => Date.now() + clockErrorMs, monotonicMs: () => performance.now() },
  );
  return {
    coturn: () => coturn,
    async restart(options: Partial<CoturnOptions> = {}) {
      await coturn.stop();
      coturn = await startCoturn({ secrets: [key.secret], port, ...options });
    },
    setClock(errorMs: number) {
      clockErrorMs = errorMs;
    },
    /** The phase and reason after each of these rounds. */
    async rounds(count: number): Promise<string[]> {
      const seen: string[] = [];
      for (let number = 0; number < count; number += 1) {
        const round = await probe(never);
        health = healthAfterRound(health, round, thresholds);
        seen.push(`${health.phase}: ${healthReason(health, round).reason}`);
      }
      return seen;
    },
    [Symbol.asyncDispose]: async () => {
      coturn.signal('SIGCONT');
      await coturn.stop();
    },
  };
}

type Stage = Awaited<ReturnType<typeof startStage>>;

/** The type of a Refresh request (RFC 8656 §17), which releases an allocation. */
const refreshType = 0x0004;

/** Leaves an allocation behind: its client uses a path that loses the release, as if the client had been killed. */
async function leaveAllocation({ address, port }: CoturnServer): Promise<void> {
  const front = createSocket('udp4').bind(0, '127.0.0.1');
  const back = createSocket('udp4');
  back.connect(port, address);
  await Promise.all([once(front, 'listening'), once(back, 'connect')]);
  front.on('message', (packet, client) => {
    back.removeAllListeners('message').on('message', (answer) => front.send(answer, client.port, client.address));
    if (packet.readUInt16BE(0) !== refreshType) back.send(packet);
  });
  const server = { host: '127.0.0.1', port: front.address().port, transport: 'udp' } as const;
  const user = issueCredential({ key, opaqueUserId: 'somebody', nowMs: Date.now(), ttlSeconds: 60 });
  await allocateAndRelease(server, user, { timeoutMs: shortTimeoutMs });
  front.close();
  back.close();
}

/** A coturn with room for one allocation, which is taken. */
async function fill(stage: Stage, options: Partial<CoturnOptions>): Promise<void> {
  await stage.restart(options);
  await leaveAllocation(stage.coturn());
}

async function oneRelayPort(): Promise<Partial<CoturnOptions>> {
  const port = await freePort();
  return { relayPorts: { min: port, max: port } };
}

type Cause = {
  break(stage: Stage): Promise<void>;
  mend(stage: Stage): Promise<void>;
  /** Default: unhealthy. */
  phase?: 'draining';
  /** Default: the long timeout. */
  timeoutMs?: number;
};

const restartAsBefore = (stage: Stage) => stage.restart();

const causes: Readonly<Record<string, Cause>> = {
  credentials_refused: {
    break: (stage) => stage.restart({ secrets: ['sL2-second-south-secret'] }),
    mend: restartAsBefore,
  },
  wrong_realm: { break: (stage) => stage.restart({ realm: 'other.test' }), mend: restartAsBefore },
  clock_ahead: {
    break: async (stage) => stage.setClock(-120_000),
    mend: async (stage) => stage.setClock(0),
  },
  timeout: {
    break: (stage) => pauseProcess(stage.coturn()),
    mend: async (stage) => stage.coturn().signal('SIGCONT'),
    timeoutMs: shortTimeoutMs,
  },
  unreachable: { break: (stage) => stage.coturn().stop(), mend: restartAsBefore },
  no_capacity: { break: async (stage) => fill(stage, await oneRelayPort()), mend: restartAsBefore },
  quota_reached: { break: (stage) => fill(stage, { config: ['total-quota=1'] }), mend: restartAsBefore },
  ...((await canTurnserverDrain()) && {
    draining: {
      async break(stage) {
        // Without an allocation coturn would exit at once.
        await leaveAllocation(stage.coturn());
        stage.coturn().signal('SIGUSR1');
      },
      mend: restartAsBefore,
      phase: 'draining',
    },
  }),
};

describe('with a real coturn and thresholds of two successes and three failures', () => {
  test.each(Object.entries(causes))(
    '%s takes the node away at the third probe',
    async (reason, { phase = 'unhealthy', timeoutMs = longTimeoutMs, ...cause }) => {
      await using stage = await startStage(timeoutMs);
      expect(await stage.rounds(2)).toEqual(['starting: not_proven_often_enough', 'healthy: proven']);
      await cause.break(stage);
      expect(await stage.rounds(4)).toEqual([
        'healthy: some_probes_fail',
        'healthy: some_probes_fail',
        `${phase}: ${reason}`,
        `${phase}: ${reason}`,
      ]);
      await cause.mend(stage);
      expect(await stage.rounds(2)).toEqual(['unhealthy: not_proven_often_enough', 'healthy: proven']);
    },
  );

  test('a server that hangs at every other probe keeps its state', async () => {
    await using stage = await startStage(shortTimeoutMs);
    await stage.rounds(2);
    for (let time = 1; time <= 3; time += 1) {
      await pauseProcess(stage.coturn());
      expect(await stage.rounds(1)).toEqual(['healthy: some_probes_fail']);
      stage.coturn().signal('SIGCONT');
      expect(await stage.rounds(1)).toEqual(['healthy: proven']);
    }
  });
});
