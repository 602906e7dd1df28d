import { startProcess, type RunningProcess } from '../process/start-process.ts';
import { enterNetwork, type Network } from '../network/enter-network.ts';
import type { TurnServer } from '../servers/turn/turn-server.ts';
import { builtApp } from './built-app.ts';

export type StartReporterOptions = {
  region: string;
  id: string;
  turnServer: TurnServer;
  turnSecrets: string;
  /** Where to report to: REDIS_URL, or ROUTER_URL and REPORTER_TOKEN. */
  destination: Readonly<Record<string, string>>;
  /** Added to the settings above. */
  environment?: Readonly<Record<string, string>> | undefined;
  /** Text of the output that shows that the reporter is ready. Default: the message that the node is healthy. */
  readyText?: string | undefined;
  /** Starts the reporter in this network. Default: the network of the test. */
  network?: Network | undefined;
  onOutput?: (text: string) => void;
};

/** Starts the built health-reporter for a TURN server on loopback. By default, it is ready when it has proven its node healthy. */
export function startReporter(options: StartReporterOptions): Promise<RunningProcess> {
  const { region, id, turnServer, network, readyText = '"msg":"the node is healthy"' } = options;
  const prefix = network === undefined ? [] : enterNetwork(network);
  const [command, ...args] = [...prefix, process.execPath, builtApp('health-reporter')];
  return startProcess({
    name: `the health-reporter of ${region}/${id}`,
    command,
    args,
    env: {
      REGION: region,
      NODE_ID: id,
      PUBLIC_IP: turnServer.address,
      TURN_ADDRESS: turnServer.address,
      TURN_PORT: `${turnServer.port}`,
      TURN_SECRETS: options.turnSecrets,
      NETWORK_INTERFACE: 'lo',
      RELAY_MIN_PORT: `${turnServer.relayPorts.min}`,
      RELAY_MAX_PORT: `${turnServer.relayPorts.max}`,
      // If the reporter drains: shorter than the 5 s after which `npm start` ends (scripts/run.mjs).
      DRAIN_SECONDS: '2',
      ...options.destination,
      ...options.environment,
    },
    isReady: (output) => output.includes(readyText),
    ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
  });
}

/** Starts the built health-reporter for all nodes of a fleet file. It is ready when it watches them. */
export function startFleetWatch(options: {
  fleetFile: string;
  turnSecrets: string;
  /** Where to report to: REDIS_URL, or ROUTER_URL and REPORTER_TOKEN. */
  destination: Readonly<Record<string, string>>;
  environment?: Readonly<Record<string, string>>;
}): Promise<RunningProcess> {
  return startProcess({
    name: 'the health-reporter of a fleet file',
    command: process.execPath,
    args: [builtApp('health-reporter')],
    env: {
      FLEET_FILE: options.fleetFile,
      TURN_SECRETS: options.turnSecrets,
      ...options.destination,
      ...options.environment,
    },
    isReady: (output) => output.includes('"msg":"watching'),
  });
}
