import { startProcess } from '../../process/start-process.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { acceptsConnections } from './accepts-connections.ts';
import { answersStun } from './answers-stun.ts';
import { drawRelayPorts } from './draw-relay-ports.ts';
import { erlangTurnProgram } from './erlang-turn-program.ts';
import type { TurnServer } from './turn-server.ts';

export type ErlangTurnOptions = {
  /** TURN REST secrets without commas. The server accepts credentials of any of them. */
  secrets: readonly string[];
  port?: number;
  realm?: string;
};

/** Disables busy waiting, because the tested programs use the same cores. One scheduler of each kind is enough for the calls of a test. */
const lowCpuFlags = [
  '+S',
  '1:1',
  '+SDcpu',
  '1:1',
  '+SDio',
  '1',
  '+sbwt',
  'none',
  '+sbwtdcpu',
  'none',
  '+sbwtdio',
  'none',
];

/**
 * Starts a TURN server on 127.0.0.1 with UDP and TCP. It uses the Erlang library of eturnal (Debian's erlang-p1-stun). It has no Erlang node
 * name, so Erlang does not start epmd. The server is ready when both transports answer.
 */
export async function startErlangTurn(options: ErlangTurnOptions): Promise<TurnServer> {
  const { realm = 'turn.test' } = options;
  const address = '127.0.0.1';
  const port = options.port ?? (await freePort());
  const relayPorts = drawRelayPorts();
  const server = await startProcess({
    name: `the Erlang TURN server on port ${port}`,
    command: 'erl',
    args: [...lowCpuFlags, '-noshell', '-noinput', '-eval', erlangTurnProgram],
    env: {
      ADDRESS: address,
      PORT: `${port}`,
      REALM: realm,
      MIN_PORT: `${relayPorts.min}`,
      MAX_PORT: `${relayPorts.max}`,
      SECRETS: options.secrets.join(','),
    },
    isReady: async (output) =>
      output.includes('listening') && (await answersStun(address, port)) && acceptsConnections(address, port),
  });
  return { ...server, address, port, realm, relayPorts };
}
