import { startProcess, type RunningProcess } from '../process/start-process.ts';
import { freePort } from '../fixtures/free-port.ts';
import { builtApp } from './built-app.ts';
import { tinyGeoFile } from './tiny-geo-file.ts';

export type RouterOptions = {
  policyFile: string;
  turnSecrets: string;
  reporterToken: string;
  /** If unset, the router uses its embedded registry. */
  redisUrl?: string | undefined;
  /** Default: free ports. */
  ports?: { public: number; admin: number } | undefined;
  /** The GeoIP data. `default` covers the whole world, and the router takes seconds to verify it. Default: `tiny`, see `tinyGeoFile`. */
  geoData?: 'tiny' | 'default' | undefined;
  /** Added to the settings above. */
  environment?: Readonly<Record<string, string>> | undefined;
  onOutput?: (text: string) => void;
};

export type RouterProcess = RunningProcess & { readonly url: string; readonly adminUrl: string };

/** Starts the built router on loopback. It accepts anonymous callers, and is ready when it listens. */
export async function startRouter(options: RouterOptions): Promise<RouterProcess> {
  const ports = options.ports ?? { public: await freePort(), admin: await freePort() };
  const router = await startProcess({
    name: 'the router',
    command: process.execPath,
    args: [builtApp('router')],
    env: {
      HOST: '127.0.0.1',
      PORT: `${ports.public}`,
      ADMIN_PORT: `${ports.admin}`,
      AUTH: 'anonymous',
      POLICY_FILE: options.policyFile,
      TURN_SECRETS: options.turnSecrets,
      REPORTER_TOKEN: options.reporterToken,
      ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
      ...(options.geoData === 'default' ? {} : { GEOIP_DB: tinyGeoFile }),
      ...options.environment,
    },
    isReady: (output) => output.includes('"msg":"listening"'),
    ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
  });
  return { ...router, url: `http://127.0.0.1:${ports.public}`, adminUrl: `http://127.0.0.1:${ports.admin}` };
}
