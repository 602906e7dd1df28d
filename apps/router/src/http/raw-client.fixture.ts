import { connect, type Socket } from 'node:net';

export type RawAnswer = { readonly status: number; readonly body: string };

/** Sends requests as bytes, one after the other over one connection. It connects again if the server has closed the connection. */
export interface RawClient extends Disposable {
  /** Returns undefined if the server closes the connection without an answer. The answer must have a `Content-Length`. */
  readonly ask: (request: string) => Promise<RawAnswer | undefined>;
}

export function openRawClient(port: number): RawClient {
  let socket: Socket | undefined;
  return {
    ask(request) {
      const used = socket === undefined || socket.destroyed || !socket.writable ? connect(port, '127.0.0.1') : socket;
      socket = used;
      return new Promise((resolve) => {
        let received = '';
        const finish = (answer: RawAnswer | undefined): void => {
          used.removeAllListeners();
          used.on('error', () => undefined);
          if (answer === undefined || /^connection: close\r$/im.test(received)) used.destroy();
          resolve(answer);
        };
        used.on('error', () => undefined);
        used.on('close', () => finish(wholeAnswer(received)));
        used.on('data', (bytes) => {
          received += bytes.toString('latin1');
          const answer = wholeAnswer(received);
          if (answer !== undefined) finish(answer);
        });
        used.write(request, 'latin1');
      });
    },
    [Symbol.dispose]: () => void socket?.destroy(),
  };
}

function wholeAnswer(received: string): RawAnswer | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = received.slice(0, headEnd);
  const body = received.slice(headEnd + 4);
  const length = Number(/^content-length: (\d+)\r?$/im.exec(head)?.[1] ?? 0);
  return body.length < length ? undefined : { status: Number(head.slice(9, 12)), body };
}
