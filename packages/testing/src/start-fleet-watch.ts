import { builtApp } from './built-app.ts';
import { startProcess, type RunningProcess } from './start-process.ts';

/** Starts the built health-reporter over the nodes of a fleet file; ready when it watches. */
export function startFleetWatch(options: {
  fleetFile: string;
  turnSecrets: string;
  /** Where to report to: REDIS_URL, or ROUTER_URL and REPORTER_TOKEN. */
  destination: Readonly<Record<string, string>>;
  environment?: Readonly<Record<string, string>>;
}): Promise<RunningProcess> {
  return startProcess({
    name: 'the watch over a fleet',
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
