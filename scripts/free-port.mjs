// Checks a port before a script starts anything, because the router binds its ports last.
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Reads a port from the environment, and checks that it is free on loopback.
 *
 * @param {string} name of the setting
 * @param {number} defaultPort
 * @returns {Promise<number>}
 * @throws Error that names the setting and the remedy
 */
export async function findFreePort(name, defaultPort) {
  const text = process.env[name] || `${defaultPort}`;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new Error(`${name}: invalid value ${JSON.stringify(text)}: expected a port, 1–65535`);
  }
  const server = createServer();
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new Error(
      code === 'EADDRINUSE'
        ? `${name}: another program uses port ${port}: end that program, or set ${name} to a free port`
        : `${name}: this user cannot use port ${port} (${String(code)}): set ${name} to another port`,
      { cause: error },
    );
  }
  server.close();
  await once(server, 'close');
  return port;
}
