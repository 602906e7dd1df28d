// Simulates calls. A reporter counts each UDP socket in the relay range as a live allocation.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/**
 * Binds `count` sockets on loopback. Skips ports that are in use.
 *
 * @param {number} count
 * @param {{min: number, max: number}} range both ends included
 */
export async function bindRelaySockets(count, { min, max }) {
  /** @type {import('node:dgram').Socket[]} */
  const bound = [];
  for (let port = min; port <= max && bound.length < count; port += 1) {
    const socket = createSocket('udp4');
    try {
      socket.bind(port, '127.0.0.1');
      await once(socket, 'listening');
      bound.push(socket);
    } catch {
      socket.close();
    }
  }
  if (bound.length < count) throw new Error(`only ${bound.length} of ${count} relay ports are free`);
  return {
    close() {
      for (const socket of bound) socket.close();
    },
  };
}
