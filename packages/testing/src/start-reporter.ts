import { builtApp } from './built-app.ts';
import type { CoturnServer } from './start-coturn.ts';
import { startProcess, type RunningProcess } from './start-process.ts';

export type ReporterOptions = {
  region: string;
  id: string;
  coturn: CoturnServer;
  turnSecrets: string;
  /** Where to report to: REDIS_URL, or ROUTER_URL and REPORTER_TOKEN. */
  destination: Readonly<Record<string, string>>;
  /** On top of the settings above. */
  environment?: Readonly<Record<string, string>> | undefined;
  onOutput?: (text: string) => void;
};

/** Starts the built health-reporter beside a coturn on loopback; ready when it has proven its node healthy. */
export function startReporter(options: ReporterOptions): Promise<RunningProcess> {
  const { region, id, coturn } = options;
  return startProcess({
    name: `the health-reporter of ${region}/${id}`,
    command: process.execPath,
    args: [builtApp('health-reporter')],
    env: {
      REGION: region,
      NODE_ID: id,
      PUBLIC_IP: coturn.address,
      TURN_ADDRESS: coturn.address,
      TURN_PORT: `${coturn.port}`,
      TURN_SECRETS: options.turnSecrets,
      NETWORK_INTERFACE: 'lo',
      RELAY_MIN_PORT: `${coturn.relayPorts.min}`,
      RELAY_MAX_PORT: `${coturn.relayPorts.max}`,
      // Within the five seconds that a process gets to stop.
      DRAIN_SECONDS: '2',
      ...options.destination,
      ...options.environment,
    },
    isReady: (output) => output.includes('"msg":"the node is healthy"'),
    readyTimeoutMs: 60_000,
    ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
  });
}
