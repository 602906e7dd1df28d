import { connect } from 'node:net';
import { faultName } from '../../system/fault-name.ts';
import { CoturnCliError } from './coturn-cli-error.ts';

/** The maximum length of a response, bytes. coturn lists at most 256 sessions (`cli-max-output-sessions`) of about 700 bytes each. */
const responseMaxBytes = 1_048_576;

export type LineServer = {
  readonly host: string;
  readonly port: number;
  /** The timeout for connecting, and for each response. */
  readonly timeoutMs: number;
};

/** Sends one line at a time and reads the response. coturn reads everything that arrives in one piece as one command. */
export interface LineClient extends Disposable {
  /**
   * Sends a line, unless it is undefined. Returns the server's output when `isComplete` returns true for it.
   *
   * @throws CoturnCliError; the connection is then closed
   */
  readonly request: (line: string | undefined, isComplete: (response: string) => boolean) => Promise<string>;
}

type PendingRequest = {
  readonly isComplete: (response: string) => boolean;
  readonly resolve: (response: string) => void;
  readonly reject: (error: CoturnCliError) => void;
  readonly timer: NodeJS.Timeout;
};

/** Connects in the background. If the connection fails, the first request rejects. */
export function openLineClient({ host, port, timeoutMs }: LineServer): LineClient {
  const socket = connect({ host, port, noDelay: true }).setEncoding('latin1');
  let pending: PendingRequest | undefined;
  let received = '';
  let failure: CoturnCliError | undefined;

  function end(error: CoturnCliError): void {
    failure ??= error;
    socket.destroy();
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    pending.reject(failure);
    pending = undefined;
  }

  socket.on('data', (text: string) => {
    received += text;
    if (received.length > responseMaxBytes) {
      end(new CoturnCliError('unexpected_answer', `the response is longer than ${responseMaxBytes} bytes`));
    } else if (pending?.isComplete(received) === true) {
      const { resolve, timer } = pending;
      pending = undefined;
      clearTimeout(timer);
      resolve(received);
      received = '';
    }
  });
  socket.on('error', (error) => end(new CoturnCliError('unreachable', `cannot connect (${faultName(error)})`)));
  socket.on('close', () => end(new CoturnCliError('closed', 'coturn closed the connection')));

  return {
    request: (line, isComplete) =>
      new Promise((resolve, reject) => {
        if (received !== '') end(new CoturnCliError('unexpected_answer', 'coturn sent output without a command'));
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        const onTimeout = () => end(new CoturnCliError('timeout', `no response within ${timeoutMs} ms`));
        pending = { isComplete, resolve, reject, timer: setTimeout(onTimeout, timeoutMs) };
        if (line !== undefined) socket.write(`${line}\r\n`);
      }),
    [Symbol.dispose]: () => end(new CoturnCliError('closed', 'the connection is closed')),
  };
}
