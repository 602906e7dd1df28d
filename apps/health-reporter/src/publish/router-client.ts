import { problemSchema, type Problem } from '@turn-router/contract/http';
import { withDeadline } from '@turn-router/deadline';
import { RegistryError } from '@turn-router/registry';
import { faultName } from '../system/fault-name.ts';

export type RouterOptions = {
  /** The base URL of the router's public listener, such as `https://router.example.org`. */
  readonly url: string;
  readonly token: string;
  readonly timeoutMs: number;
};

type RouterAnswer = { readonly headers: Headers; readonly text: string };

/**
 * Sends a request to a router with the token of the reporter. Settles within the timeout, or rejects with a RegistryError.
 *
 * @param path below the base URL, such as `/livez`
 */
export type SendToRouter = (
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
) => Promise<RouterAnswer>;

/** The router's answer to a request that it does not accept. */
export class RouterRefusal extends RegistryError {
  /** The code of the problem. Undefined: the answer is no problem of a router. */
  readonly problem: string | undefined;

  constructor(status: number, text: string) {
    const problem = problemFrom(text);
    const detail = problem === undefined ? '' : ` (${problem.code}: ${problem.detail})`.slice(0, detailMaxChars);
    const fault = problem?.code === 'proofs_forbidden' ? ({ fault: 'no_permission' } as const) : {};
    const code = status >= 500 || status === 429 ? 'unavailable' : 'refused';
    super(code, `the router answered ${status}${detail}`, fault);
    this.problem = problem?.code;
  }
}

/** The maximum length of the shown part of a problem's text, characters. */
const detailMaxChars = 300;

/** The maximum length of an answer, characters. A page of a thousand nodes with the longest names and sixteen keys each is shorter. */
const answerMaxChars = 4_000_000;

export function createSendToRouter({ url, token, timeoutMs }: RouterOptions): SendToRouter {
  const base = url.replace(/\/+$/, '');
  return async (method, path, body) => {
    const exchange = async (signal: AbortSignal) => {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // A redirect must not carry the token to another host.
        redirect: 'manual',
        signal,
      });
      return { response, text: await readText(response) };
    };
    let response: Response;
    let text: string;
    try {
      ({ response, text } = await withDeadline({ timeoutMs }, exchange));
    } catch (cause) {
      if (cause instanceof RegistryError) throw cause;
      throw new RegistryError('unavailable', `the router is unreachable: ${faultName(cause)}`, { cause });
    }
    if (!response.ok) throw new RouterRefusal(response.status, text);
    return { headers: response.headers, text };
  };
}

async function readText(response: Response): Promise<string> {
  let text = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    if (text.length > answerMaxChars) {
      throw new RegistryError('refused', "the router's answer is too long", { fault: 'bad_reply' });
    }
  }
  return text;
}

/** Parses a problem+json body. Returns undefined for any other body. */
function problemFrom(text: string): Problem | undefined {
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
