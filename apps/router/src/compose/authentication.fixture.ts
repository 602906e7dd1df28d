import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@turn-router/testing';
import { openAuthentication } from '../callers/auth/open-authentication.ts';
import { identifyCaller } from '../callers/auth/identify-caller.ts';
import { nowMs } from '../callers/auth/jwt/issuer.fixture.ts';
import { readConfig } from '../config/read-config.ts';
import { createLogger } from '../observe/logger.ts';
import { createMetrics } from '../observe/metrics.ts';
import { ProblemError } from '../problem-error.ts';

const base = {
  AUTH: 'jwt',
  POLICY_FILE: 'policy.yaml',
  TURN_SECRET: 'kJ8-first-north-secret',
  REPORTER_TOKEN: 'token-of-the-reporters',
};

/**
 * Opens the authentication of a router with these settings.
 *
 * @param issuers the content of JWT_ISSUERS_FILE
 * @param stateDir the directory of the copies of keys; undefined: no copies
 */
export async function openWith(settings: Readonly<Record<string, string>>, issuers?: unknown, stateDir?: string) {
  await using directory = await temporaryDirectory('issuers');
  const file = join(directory.path, 'issuers.yaml');
  await writeFile(file, JSON.stringify(issuers ?? []));
  const read = readConfig({ ...base, ...settings, ...(issuers === undefined ? {} : { JWT_ISSUERS_FILE: file }) });
  if (!read.ok) throw new Error(read.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  const { config, secrets } = read.config;
  const logged: string[] = [];
  const metrics = createMetrics();
  const authentication = await openAuthentication(
    config.auth,
    secrets,
    { stateDir, writesState: stateDir !== undefined },
    {
      nowMs: () => nowMs,
      monotonicNowMs: () => performance.now(),
      random: () => 0.5,
      logger: createLogger('info', { write: (line: string) => void logged.push(line) }),
      metrics,
    },
  );
  return {
    logged,
    metrics,
    /** The user that a token names, or status and detail of the problem. */
    async userOf(token: string): Promise<string> {
      try {
        return identifyCaller(await authentication.authenticate(`Bearer ${token}`, { headers: {} }), undefined).user;
      } catch (error) {
        if (error instanceof ProblemError) return `${error.status} ${error.message}`;
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => authentication[Symbol.asyncDispose](),
  };
}
