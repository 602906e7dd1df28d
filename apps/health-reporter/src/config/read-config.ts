import { parseConfig, type ParsedConfig } from './parse-config.ts';
import type { Environment } from './parse-settings.ts';
import { readSecretFiles } from './read-secret-files.ts';

/** The one place where the environment and the files that it names are read. */
export function readConfig(environment: Environment = process.env): ParsedConfig {
  const secrets = readSecretFiles(environment);
  const parsed = parseConfig(secrets.environment);
  if (secrets.faults.length === 0) return parsed;
  return { ok: false, faults: [...secrets.faults, ...(parsed.ok ? [] : parsed.faults)] };
}
