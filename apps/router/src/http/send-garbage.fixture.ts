import { once } from 'node:events';
import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

export type GarbageRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type RawAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

/** Sends a request without any check, as no regular client would. */
export async function sendRequest(port: number, agent: Agent, sent: GarbageRequest): Promise<RawAnswer> {
  const { method, path, headers, body } = sent;
  const call = request({
    host: '127.0.0.1',
    port,
    agent,
    method,
    path,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  call.end(body);
  const [answer] = await once(call, 'response');
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part;
  return { status: answer.statusCode, headers: answer.headers, text };
}

/** Opens a connection that sends Redis commands in order and ignores their replies. */
export async function openRedisWriter(
  port: number,
): Promise<AsyncDisposable & { send: (...command: string[]) => Promise<void> }> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  return {
    async send(...command) {
      const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
      socket.write(`*${command.length}\r\n${parts.join('')}`);
      await once(socket, 'data');
    },
    async [Symbol.asyncDispose]() {
      socket.end();
      await once(socket, 'close');
    },
  };
}
