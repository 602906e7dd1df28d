import { startProcess, type RunningProcess } from '../process/start-process.ts';
import { freePort } from '../surroundings/free-port.ts';
import { builtApp } from './built-app.ts';
import { tinyGeoFile } from './tiny-geo-file.ts';

export type RouterOptions = {
  policyFile: string;
  turnSecrets: string;
  reporterToken: string;
  /** Unset: the registry embedded in the router. */
  redisUrl?: string | undefined;
  /** Default any free ones. */
  ports?: { public: number; admin: number } | undefined;
  /** Where callers are: `default` knows the whole world, and takes seconds to prove. Default `tiny`, see `tinyGeoFile`. */
  geoData?: 'tiny' | 'default' | undefined;
  /** On top of the settings above. */
  environment?: Readonly<Record<string, string>> | undefined;
  onOutput?: (text: string) => void;
};

export type RouterProcess = RunningProcess & { readonly url: string; readonly adminUrl: string };

/** Starts the built router on loopback, open to anonymous callers; ready when it listens. */
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
