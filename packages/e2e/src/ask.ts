import { request } from 'node:http';
import { iceServersAnswerSchema, type IceServersAnswer, type IceServersRequest } from '@turn-router/contract/http';

export type Asked = { status: number; headers: Record<string, unknown>; body: string };

/** One `POST /v1/ice-servers`, as any HTTP client would send it; by `localAddress` also from another loopback address. */
export function ask(
  routerUrl: string,
  wishes: IceServersRequest = {},
  { forwardedFor, localAddress }: { forwardedFor?: string; localAddress?: string } = {},
): Promise<Asked> {
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
    sent.end(JSON.stringify(wishes));
  });
}

/** The same, by a caller who must be answered. */
export async function askForRelays(...parameters: Parameters<typeof ask>): Promise<IceServersAnswer> {
  const { status, body } = await ask(...parameters);
  if (status !== 200) throw new Error(`the router answered ${status}: ${body}`);
  return iceServersAnswerSchema.parse(JSON.parse(body));
}
