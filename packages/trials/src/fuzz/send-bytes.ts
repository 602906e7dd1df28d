import { connect } from 'node:net';
import type { HostileBytes } from './hostile-bytes.ts';

/** Nothing has come for so long: there will be nothing, ms. */
const quietMs = 300;

/** What comes back on a connection of its own until it is closed, or is silent; at most 1 MiB of it. */
function answerToBytes(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
      if (text.length > 2 ** 20) socket.destroy();
    });
    // A reset is an answer, too.
    socket.on('error', () => {});
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.once('close', () => resolve(text));
    socket.write(bytes);
  });
}

/** Sends bytes and says what is wrong with what comes back; undefined when nothing is. */
export async function findFaultOfBytes(port: number, hostile: HostileBytes): Promise<string | undefined> {
  const statuses = [...(await answerToBytes(port, hostile.bytes)).matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(
    ([, status]) => Number(status),
  );
  const failed = statuses.find((status) => status >= 500 && status !== 503);
  if (failed !== undefined) return `status ${failed}`;
  return statuses.length > hostile.answersMax ? `${statuses.length} answers: ${statuses.join(' ')}` : undefined;
}
