import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { launchChromium, startParts, startRouter, temporaryDirectory } from '@turn-router/testing';
import { formatApiKey, hashApiKey } from '@turn-router/turn-credentials';
import type { Page } from 'playwright-core';

const perMinute = 60;
const policyWith = (region: string) => `
defaultRegion: us-east-1
regions:
  us-east-1: ${region}
limits: {perAddressPerMinute: ${perMinute}}
`;
const policies = {
  served: policyWith('{location: [38.95, -77.45], staticNodes: [{id: node-01, publicIp: 192.0.2.9}]}'),
  empty: policyWith('{location: [38.95, -77.45]}'),
};
const apiKey = formatApiKey('web', Buffer.alloc(32, 'web'));

let stage: Awaited<ReturnType<typeof startStage>>;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => stage?.[Symbol.asyncDispose]());

/** Starts a web server with one empty page, which is an origin of its own. */
async function startOrigin() {
  const server = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end('<!doctype html>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    origin: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Starts three routers, and a browser with a page of each of three origins: in CORS_ORIGINS, in the API key, and in neither. */
function startStage() {
  return startParts(async (add) => {
    const [allowed, ofKey, forbidden] = [add(await startOrigin()), add(await startOrigin()), add(await startOrigin())];
    const directory = add(await temporaryDirectory('pages'));
    const file = (name: string) => join(directory.path, name);
    const record = { secrets: [{ sha256: hashApiKey(apiKey).toString('hex') }], origins: [ofKey.origin] };
    await writeFile(file('keys.json'), JSON.stringify({ web: record }));
    for (const [name, policy] of Object.entries(policies)) await writeFile(file(`${name}.yaml`), policy);
    const environment = { CORS_ORIGINS: allowed.origin };
    const start = async (policy: keyof typeof policies, settings: Record<string, string>) =>
      add(
        await startRouter({
          policyFile: file(`${policy}.yaml`),
          turnSecrets: 'first=north-secret-of-2026',
          reporterToken: 'reporter-token-of-2026',
          environment: { ...environment, ...settings },
        }),
      ).url;
    const [open, closed, empty] = await Promise.all([
      start('served', { AUTH: 'anonymous' }),
      start('served', { AUTH: 'api-key', API_KEYS_FILE: file('keys.json') }),
      start('empty', { AUTH: 'anonymous' }),
    ]);
    const browser = await launchChromium();
    add({ [Symbol.asyncDispose]: () => browser.close() });
    const pageAt = async ({ origin }: { origin: string }) => {
      const page = await browser.newPage();
      await page.goto(origin);
      return { origin, page };
    };
    return {
      open,
      closed,
      empty,
      allowed: await pageAt(allowed),
      ofKey: await pageAt(ofKey),
      forbidden: await pageAt(forbidden),
    };
  });
}

type RequestOptions = {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly mode?: 'no-cors';
};

/** Sends a request from a script of the page, and returns what the script can read of the answer. */
function fetchFrom({ page }: { page: Page }, url: string, init: RequestOptions = {}) {
  return page.evaluate(
    async ([target, options]) => {
      try {
        const answer = await fetch(target, options);
        const { type, status } = answer;
        return { type, status, headers: [...answer.headers.keys()], body: await answer.text() };
      } catch (error) {
        return String(error);
      }
    },
    [url, init] as const,
  );
}

const blocked = 'TypeError: Failed to fetch';
const withKey = { headers: { authorization: `Bearer ${apiKey}` } };
const asJson = { method: 'POST', headers: { 'content-type': 'application/json' } };

async function useUpTheLimit(url: string): Promise<void> {
  for (let calls = 0; calls < perMinute; calls += 1) await (await fetch(`${url}/v1/region`)).arrayBuffer();
}

describe('a page', () => {
  test('of an allowed origin gets its ICE servers, with and without a preflight request', async () => {
    for (const init of [{ method: 'POST' }, asJson]) {
      const answer = await fetchFrom(stage.allowed, `${stage.open}/v1/ice-servers`, init);
      expect(answer).toMatchObject({
        type: 'cors',
        status: 200,
        body: expect.stringContaining('"urls":["turn:192.0.2.9'),
        headers: expect.arrayContaining(['x-request-id']),
      });
    }
  });

  test('of an origin that the API key names gets its ICE servers with that key', async () => {
    expect(
      await fetchFrom(stage.ofKey, `${stage.closed}/v1/ice-servers`, { method: 'POST', ...withKey }),
    ).toMatchObject({
      status: 200,
      body: expect.stringContaining('"urls":["turn:192.0.2.9'),
    });
    // The key's origins replace CORS_ORIGINS.
    expect(await fetchFrom(stage.allowed, `${stage.closed}/v1/region`, withKey)).toBe(blocked);
    expect(await fetchFrom(stage.forbidden, `${stage.closed}/v1/region`, withKey)).toBe(blocked);
  });

  test.each(['/v1/ice-servers', '/v1/region', '/coturn'])(
    'of another origin can read no answer of %s',
    async (path) => {
      const init = path === '/v1/ice-servers' ? { method: 'POST' } : {};
      for (const url of [`${stage.open}${path}`, `${stage.closed}${path}`, `${stage.empty}${path}`]) {
        expect(await fetchFrom(stage.forbidden, url, init)).toBe(blocked);
        // Cross-Origin-Resource-Policy blocks even the opaque answers that pages may request in no-cors mode.
        expect(await fetchFrom(stage.forbidden, url, { ...init, mode: 'no-cors' })).toBe(blocked);
      }
      expect(await fetchFrom(stage.forbidden, `${stage.open}${path}`, { ...asJson, ...init, ...withKey })).toBe(
        blocked,
      );
    },
  );

  test('of an allowed origin can read why it is refused; a page of another origin cannot', async () => {
    await useUpTheLimit(stage.open);
    const refusals = [
      [`${stage.closed}/v1/region`, 401, 'unauthenticated'],
      [`${stage.empty}/coturn`, 503, 'no_relay_available'],
      [`${stage.open}/v1/region`, 429, 'rate_limited'],
    ] as const;
    for (const [url, status, code] of refusals) {
      expect(await fetchFrom(stage.allowed, url)).toMatchObject({
        type: 'cors',
        status,
        body: expect.stringContaining(`"code":"${code}"`),
      });
      expect(await fetchFrom(stage.forbidden, url)).toBe(blocked);
    }
  });
});

describe('in the response headers', () => {
  const paths = ['/v1/ice-servers', '/v1/region', '/coturn'];

  test.each(paths)(
    '%s allows only the requesting origin, and only if it is permitted, and sends Vary: Origin',
    async (path) => {
      const { open, closed, empty, allowed, forbidden } = stage;
      for (const url of [open, closed, empty]) {
        for (const method of ['OPTIONS', path === '/v1/ice-servers' ? 'POST' : 'GET', 'DELETE']) {
          const answers = [allowed.origin, forbidden.origin, 'null', undefined].map(async (origin) => {
            const preflight = method === 'OPTIONS' ? { 'access-control-request-method': 'POST' } : {};
            const headers = { ...preflight, ...(origin === undefined ? {} : { origin }) };
            const answer = await fetch(`${url}${path}`, { method, headers });
            await answer.arrayBuffer();
            return [answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')?.split(', ')[0]];
          });
          expect(await Promise.all(answers)).toEqual([
            [allowed.origin, 'Origin'],
            [null, 'Origin'],
            [null, 'Origin'],
            [null, 'Origin'],
          ]);
        }
      }
    },
  );
});
