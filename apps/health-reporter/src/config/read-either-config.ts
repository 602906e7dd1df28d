import type { Environment, ReadSettings } from '@turn-router/settings';
import type { FleetConfig } from './fleet-config.ts';
import { readConfig } from './read-config.ts';
import { readFleetConfig } from './read-fleet-config.ts';
import type { ReporterConfig, ReporterSecrets } from './reporter-config.ts';

/** What this process is: the sidecar of one node, or the watch over a fleet. */
type EitherConfig = { readonly secrets: ReporterSecrets } & (
  { readonly config: ReporterConfig } | { readonly fleet: FleetConfig }
);

/** FLEET_FILE decides. */
export function readEitherConfig(environment: Environment): ReadSettings<EitherConfig> {
  return environment['FLEET_FILE'] ? readFleetConfig(environment) : readConfig(environment);
}
