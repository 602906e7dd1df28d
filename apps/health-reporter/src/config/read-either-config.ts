import type { Environment, ReadSettings } from '@turn-router/settings';
import type { FleetConfig } from './fleet-config.ts';
import { readConfig } from './read-config.ts';
import { readFleetConfig } from './read-fleet-config.ts';
import type { ReporterConfig, ReporterSecrets } from './reporter-config.ts';

/** The configuration of the reporter of one node, or of a fleet watch. */
type EitherConfig = { readonly secrets: ReporterSecrets } & (
  | { readonly config: ReporterConfig }
  | { readonly fleet: FleetConfig }
);

/** Reads the configuration of a fleet watch if FLEET_FILE is set. Otherwise reads the configuration of the reporter of one node. */
export function readEitherConfig(environment: Environment): ReadSettings<EitherConfig> {
  return environment['FLEET_FILE'] ? readFleetConfig(environment) : readConfig(environment);
}
