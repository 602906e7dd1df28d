import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { eventually, launchChromium, readProcessFigures } from '@turn-router/testing';
import request from 'supertest';
import { createTestApp } from '../../compose/test-app.fixture.ts';

/** Starts the public app on a port of its own, and a browser. */
async function serveToBrowser() {
  const app = await createTestApp();
  const server = createServer(app.publicApp).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const browser = await launchChromium();
  return {
    browser,
    origin: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`,
    async [Symbol.asyncDispose]() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await app[Symbol.asyncDispose]();
    },
  };
}

test('in a browser the page shows every operation, violates no CSP and loads nothing from other origins', async () => {
  await using served = await serveToBrowser();
  const { browser, origin } = served;
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
  const said: string[] = [];
  const asked: string[] = [];
  // Chromium reports a violated policy and a failed request on the console.
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (sent) => asked.push(sent.url()));
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => console.error(`violation: ${event.blockedURI}`))",
  );

  await page.goto(`${origin}/docs`);
  await page.locator('.opblock').first().waitFor();
  const operations = await page.locator('.opblock-summary').allInnerTexts();
  expect(
    operations.map((text) => text.replaceAll(/\s+/g, ' ').replaceAll('\u200b', '').trim().split(' ').slice(0, 2)),
  ).toEqual([
    ['POST', '/v1/ice-servers'],
    ['GET', '/v1/region'],
    ['GET', '/coturn'],
    ['PUT', '/v1/nodes/{region}/{id}'],
    ['DELETE', '/v1/nodes/{region}/{id}'],
    ['GET', '/v1/nodes/{region}/{id}/probe-targets'],
    ['GET', '/v1/nodes/{region}/{id}/probe-targets/{targetRegion}/{targetId}'],
    ['PUT', '/v1/nodes/{region}/{id}/proofs/{targetRegion}/{targetId}'],
    ['POST', '/v1/nodes/{region}/{id}/read-proofs'],
    ['POST', '/v1/probe-credentials'],
    ['GET', '/livez'],
    ['GET', '/readyz'],
  ]);

  await page.locator('.opblock-post .opblock-summary-control').first().click();
  await page.getByRole('button', { name: 'Try it out' }).click();
  await page.getByRole('button', { name: 'Execute' }).click();
  await page.locator('.live-responses-table .response-col_status').first().waitFor();
  expect(await page.locator('.live-responses-table').first().innerText()).toContain('"iceServers"');
  if (process.env['DOCS_SCREENSHOT'] !== undefined)
    await page.screenshot({ path: process.env['DOCS_SCREENSHOT'], fullPage: true });

  expect(said).toEqual([]);
  expect(asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'))).toEqual([]);
  expect(asked.map((url) => url.replace(origin, ''))).toEqual(
    expect.arrayContaining([
      '/docs',
      '/docs/swagger-ui.css',
      '/docs/swagger-ui-bundle.js',
      '/docs/show.js',
      '/openapi.json',
    ]),
  );
});

test('in a browser the type of a problem leads from /docs/problems to its section', async () => {
  await using served = await serveToBrowser();
  const { browser, origin } = served;
  const page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 900, height: 700 } });
  await page.goto(`${origin}/docs/problems#urn:turn-router:problem:registry_unavailable`);
  const section = page.locator('section:target');
  expect(await section.locator('h2').innerText()).toBe('The registry is unavailable');
  expect((await section.boundingBox())?.y).toBeLessThan(700);
  if (process.env['PROBLEMS_SCREENSHOT'] !== undefined)
    await page.screenshot({ path: process.env['PROBLEMS_SCREENSHOT'] });
});

test.each([
  ['/docs', 'text/html; charset=utf-8'],
  ['/docs/', 'text/html; charset=utf-8'],
  ['/docs/problems', 'text/html; charset=utf-8'],
  ['/docs/show.js', 'text/javascript; charset=utf-8'],
  ['/docs/swagger-ui.css', 'text/css; charset=utf-8'],
  ['/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['/docs/favicon-32x32.png', 'image/png'],
])('%s is %s, and allows only scripts of its own origin', async (path, type) => {
  await using app = await createTestApp();
  const { status, headers } = await request(app.publicApp).get(path);
  expect([status, headers['content-type']]).toEqual([200, type]);
  const policy = headers['content-security-policy']?.split(';');
  expect(policy).toEqual(expect.arrayContaining(["default-src 'self'", "script-src 'self'", "script-src-attr 'none'"]));
  expect(policy).not.toContain('upgrade-insecure-requests');
});

test('a client that pipelines requests and disconnects leaves no descriptor open', async () => {
  await using app = await createTestApp();
  const server = createServer(app.publicApp).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const { descriptors } = await readProcessFigures(process.pid);
  const socket = connect({ host: '127.0.0.1', port: typeof bound === 'object' ? (bound?.port ?? 0) : 0 });
  socket.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
  await once(socket, 'readable');
  socket.destroy();
  const isClosed = await eventually(
    'all descriptors to be closed',
    async () => (await readProcessFigures(process.pid)).descriptors <= descriptors,
  );
  expect(isClosed).toBe(true);
  server.close();
});
