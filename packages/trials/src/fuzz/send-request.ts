import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import type { FuzzedRequest } from './fuzzed-request.ts';

/** An answer. `status` is 0 if there was no answer; `text` is then the system's error. */
export type FuzzedAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

/** Longer than any timeout of the router, ms. */
const timeoutMs = 15_000;

/** Sends a request on a connection of the agent. Sends it once more if the router closed a kept connection meanwhile. */
export async function sendRequest(url: string, agent: Agent, sent: FuzzedRequest): Promise<FuzzedAnswer> {
  const answer = await sendOnce(url, agent, sent);
  return answer.status === 0 && answer.text === 'ECONNRESET' ? sendOnce(url, agent, sent) : answer;
}

function sendOnce(url: string, agent: Agent, sent: FuzzedRequest): Promise<FuzzedAnswer> {
  const { method, path, body, isChunked } = sent;
  const { hostname, port } = new URL(url);
  const length = isChunked ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', `${body.length}`];
  const headers = ['Host', `${hostname}:${port}`, ...sent.headers.flat(), ...length];
  return new Promise((resolve) => {
    const fail = ({ code, message }: NodeJS.ErrnoException) =>
      resolve({ status: 0, headers: {}, text: code ?? message });
    const call = request({ hostname, port, agent, method, path, headers, timeout: timeoutMs }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.once('error', fail);
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    call.once('timeout', () => call.destroy(Object.assign(new Error('no answer'), { code: 'TIMEOUT' })));
    // More errors can follow if the body is still being sent when the answer arrives.
    call.on('error', fail);
    if (isChunked) call.write(body.subarray(0, body.length / 2));
    call.end(isChunked ? body.subarray(body.length / 2) : body);
  });
}
