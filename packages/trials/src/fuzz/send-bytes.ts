import { connect } from 'node:net';
import type { HostileBytes } from './hostile-bytes.ts';

/** The answer is complete if nothing arrives for this long, ms. */
const quietMs = 300;

/** Sends bytes on a new connection, and returns the answer until the connection closes or is silent. Reads at most 1 MiB. */
function answerToBytes(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
      if (text.length > 2 ** 20) socket.destroy();
    });
    // A reset is a valid answer.
    socket.on('error', () => {});
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.once('close', () => resolve(text));
    socket.write(bytes);
  });
}

/** Sends bytes and returns the fault of the answer, or undefined if the answer is correct. */
export async function findFaultOfBytes(port: number, hostile: HostileBytes): Promise<string | undefined> {
  const statuses = [...(await answerToBytes(port, hostile.bytes)).matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(
    ([, status]) => Number(status),
  );
  const failed = statuses.find((status) => status >= 500 && status !== 503);
  if (failed !== undefined) return `status ${failed}`;
  return statuses.length > hostile.answersMax ? `${statuses.length} answers: ${statuses.join(' ')}` : undefined;
}
