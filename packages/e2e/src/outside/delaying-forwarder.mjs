// Forwards between hosts that have no other path to each other, as late as the pair of their regions says. It is a NAT: each socket of a host has one
// socket here, whatever it talks to. A node sees the address of that socket, and its own published address stands for it at the others.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * @typedef {{address: string, publishedAddress: string, region: string}} Host
 * @typedef {object} Settings
 * @property {Host[]} hosts
 * @property {Record<string, number>} roundTripsMs by the two regions in the order of their names, such as `fra sin`
 * @property {number} turnPort
 * @property {{min: number, max: number}} relayPorts
 * @property {{port: number, path: string}} registry TCP connections to this port reach the server at the path, without delay
 */

/** @type {Settings} */
const { hosts, roundTripsMs, turnPort, relayPorts, registry } = JSON.parse(process.argv[2] ?? '');
const hostAt = new Map(hosts.map((host) => [host.address, host]));

/** A socket of a host that sends nothing for this time is forgotten, ms. */
const idleMs = 60_000;

/** The time for one direction, ms. @param {Host} one @param {Host} other */
function delayBetween(one, other) {
  const roundTripMs = roundTripsMs[[one.region, other.region].toSorted().join(' ')];
  if (roundTripMs === undefined) throw new Error(`no delay between ${one.region} and ${other.region}`);
  return roundTripMs / 2;
}

/** Acts at the time, and not up to a millisecond later as a timer alone. @param {number} delayMs @param {() => void} action */
function after(delayMs, action) {
  const dueMs = performance.now() + delayMs;
  const actWhenDue = () => {
    if (performance.now() < dueMs) setImmediate(actWhenDue);
    else action();
  };
  setTimeout(actWhenDue, Math.max(1, Math.floor(delayMs) - 1));
}

/** @param {number} port @param {string} address */
async function bind(port, address) {
  const socket = createSocket('udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket;
}

/** The sockets at published addresses, by `<address of the host>:<port>`. @type {Map<string, import('node:dgram').Socket>} */
const published = new Map();

/** The socket here of a socket there, by `<address>:<port>`. @type {Map<string, Promise<import('node:dgram').Socket>>} */
const outer = new Map();

/** @param {Host} client @param {number} port */
function outerOf(client, port) {
  const name = `${client.address}:${port}`;
  const known = outer.get(name);
  if (known !== undefined) return known;
  const opened = openOuter(client, port, () => outer.delete(name));
  outer.set(name, opened);
  return opened;
}

/** @param {Host} client @param {number} port @param {() => void} onClose */
async function openOuter(client, port, onClose) {
  const socket = await bind(0, '0.0.0.0');
  const idle = setTimeout(() => {
    onClose();
    socket.close();
  }, idleMs);
  socket.on('message', (message, from) => {
    idle.refresh();
    const sender = hostAt.get(from.address);
    const back = published.get(`${from.address}:${from.port}`);
    if (sender === undefined || back === undefined) return;
    after(delayBetween(sender, client), () => back.send(message, port, client.address));
  });
  return socket;
}

/** @param {Host} host @param {number} port */
async function publishUdp(host, port) {
  const socket = await bind(port, host.publishedAddress);
  published.set(`${host.address}:${port}`, socket);
  socket.on('message', (message, from) => {
    const client = hostAt.get(from.address);
    if (client === undefined) return;
    const opened = outerOf(client, from.port);
    after(delayBetween(client, host), () => void opened.then((sender) => sender.send(message, port, host.address)));
  });
}

/** @param {Host} host @param {number} port */
async function publishTcp(host, port) {
  const server = createServer((there) => {
    const client = hostAt.get(there.remoteAddress ?? '');
    if (client === undefined) return void there.destroy();
    const delayMs = delayBetween(client, host);
    const here = connect(port, host.address);
    for (const [from, to] of /** @type {const} */ ([
      [there, here],
      [here, there],
    ])) {
      from.setNoDelay(true);
      from.on('data', (bytes) => after(delayMs, () => to.write(bytes)));
      from.on('close', () => after(delayMs, () => to.destroy()));
      from.on('error', () => undefined);
    }
  });
  server.listen(port, host.publishedAddress);
  await once(server, 'listening');
}

async function publishRegistry() {
  const server = createServer((there) => {
    const here = connect(registry.path);
    for (const end of [there, here]) end.on('error', () => undefined);
    there.on('close', () => here.destroy());
    here.on('close', () => there.destroy());
    there.pipe(here).pipe(there);
  });
  server.listen(registry.port, '0.0.0.0');
  await once(server, 'listening');
}

for (const host of hosts) {
  await publishUdp(host, turnPort);
  await publishTcp(host, turnPort);
  for (let port = relayPorts.min; port <= relayPorts.max; port += 1) await publishUdp(host, port);
}
await publishRegistry();
process.stdout.write('ready\n');
