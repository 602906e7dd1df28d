import { request } from 'node:http';
import { iceServersAnswerSchema, type IceServersAnswer, type IceServersRequest } from '@turn-router/contract/http';

type IceServersResponse = { status: number; headers: Record<string, unknown>; body: string };

/** Sends one `POST /v1/ice-servers`. `localAddress` sends it from another loopback address. */
export function ask(
  routerUrl: string,
  requestBody: IceServersRequest = {},
  { forwardedFor, localAddress }: { forwardedFor?: string; localAddress?: string } = {},
): Promise<IceServersResponse> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }),
    };
    const sent = request(`${routerUrl}/v1/ice-servers`, { method: 'POST', headers, localAddress }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    sent.once('error', reject);
    sent.end(JSON.stringify(requestBody));
  });
}

/**
 * Sends one `POST /v1/ice-servers` and parses the answer.
 *
 * @throws Error when the status is not 200
 */
export async function askForIceServers(...parameters: Parameters<typeof ask>): Promise<IceServersAnswer> {
  const { status, body } = await ask(...parameters);
  if (status !== 200) throw new Error(`the router answered ${status}: ${body}`);
  return iceServersAnswerSchema.parse(JSON.parse(body));
}
