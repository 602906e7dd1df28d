import { startProcess } from '../../process/start-process.ts';
import { freePort } from '../../surroundings/free-port.ts';
import { acceptsConnections } from './accepts-connections.ts';
import { answersBinding } from './answers-binding.ts';
import { drawRelayPorts } from './draw-relay-ports.ts';
import { erlangTurnProgram } from './erlang-turn-program.ts';
import type { TurnServer } from './turn-server.ts';

export type ErlangTurnOptions = {
  /** TURN REST secrets without commas; all are tried. */
  secrets: readonly string[];
  port?: number;
  realm?: string;
};

/** No busy waiting: the cores are shared with what is tested. One scheduler of each kind is enough for a test's calls. */
const frugal = ['+S', '1:1', '+SDcpu', '1:1', '+SDio', '1', '+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none'];

/**
 * Starts a TURN server on the Erlang library that eturnal stands on (Debian's erlang-p1-stun), on 127.0.0.1, UDP and TCP. It has no name
 * among Erlang nodes, so no epmd is started. Ready on both transports.
 */
export async function startErlangTurn(options: ErlangTurnOptions): Promise<TurnServer> {
  const { realm = 'turn.test' } = options;
  const address = '127.0.0.1';
  const port = options.port ?? (await freePort());
  const relayPorts = drawRelayPorts();
  const server = await startProcess({
    name: `the Erlang TURN server on port ${port}`,
    command: 'erl',
    args: [...frugal, '-noshell', '-noinput', '-eval', erlangTurnProgram],
    env: {
      ADDRESS: address,
      PORT: `${port}`,
      REALM: realm,
      MIN_PORT: `${relayPorts.min}`,
      MAX_PORT: `${relayPorts.max}`,
      SECRETS: options.secrets.join(','),
    },
    isReady: async (output) =>
      output.includes('listening') && (await answersBinding(address, port)) && acceptsConnections(address, port),
  });
  return { ...server, address, port, realm, relayPorts };
}
