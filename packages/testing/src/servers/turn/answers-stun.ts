import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/**
 * RFC 8489 §5: the type, the length 0 (no attributes) and the magic cookie. The transaction id follows. A Binding request and a Refresh request: with
 * coturn's `no-stun`, a server answers only the second one.
 */
const requestHeaders = ['000100002112a442', '000400002112a442'].map((header) => Buffer.from(header, 'hex'));

/** Whether a STUN server at this address answers a request over UDP within `timeoutMs`, with success or an error. */
export async function answersStun(address: string, port: number, timeoutMs = 500): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  // `once` removes its listener after one error, but each datagram can cause another ICMP error.
  socket.on('error', () => {});
  const ending = new AbortController();
  const { signal } = ending;
  const timer = setTimeout(() => ending.abort(), timeoutMs);
  try {
    socket.connect(port, address);
    await once(socket, 'connect', { signal });
    for (const header of requestHeaders) socket.send(Buffer.concat([header, randomBytes(12)]));
    await once(socket, 'message', { signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}
