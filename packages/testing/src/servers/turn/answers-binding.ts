import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/** RFC 8489 §5: the type of the request, the length 0 (no attributes) and the magic cookie. The transaction id follows. */
const headers = {
  binding: Buffer.from('000100002112a442', 'hex'),
  allocate: Buffer.from('000300002112a442', 'hex'),
};

/** Whether a STUN server at this address answers a Binding request over UDP within `timeoutMs`. */
export function answersBinding(address: string, port: number, timeoutMs = 500): Promise<boolean> {
  return answers('binding', { address, port, timeoutMs });
}

/** Whether a TURN server at this address answers an Allocate request without credentials. It refuses the request. */
export function answersAllocate(address: string, port: number, timeoutMs = 500): Promise<boolean> {
  return answers('allocate', { address, port, timeoutMs });
}

async function answers(
  method: keyof typeof headers,
  { address, port, timeoutMs }: { address: string; port: number; timeoutMs: number },
): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  // `once` removes its listener after one error, but each datagram can cause another ICMP error.
  socket.on('error', () => {});
  const ending = new AbortController();
  const { signal } = ending;
  const timer = setTimeout(() => ending.abort(), timeoutMs);
  try {
    socket.connect(port, address);
    await once(socket, 'connect', { signal });
    socket.send(Buffer.concat([headers[method], randomBytes(12)]));
    await once(socket, 'message', { signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}
