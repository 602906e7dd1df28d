import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

/** RFC 8489 §5: type Binding request, no attributes, the magic cookie; the transaction id follows. */
const bindingHeader = Buffer.from('000100002112a442', 'hex');

/** Whether a STUN server at this address answers a Binding request over UDP within `timeoutMs`. */
export async function answersBinding(address: string, port: number, timeoutMs = 500): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  // Stays after `once` has gone: each datagram may bring an ICMP error of its own.
  socket.on('error', () => {});
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    socket.connect(port, address);
    await once(socket, 'connect', { signal });
    socket.send(Buffer.concat([bindingHeader, randomBytes(12)]));
    await once(socket, 'message', { signal });
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
