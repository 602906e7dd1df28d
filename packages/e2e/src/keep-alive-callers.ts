import { Agent, request } from 'node:http';
import { boundMs } from '@turn-router/testing';

export type KeepAliveCallers = {
  /** Returns the number of answers with status 200 so far. */
  readonly answered: () => number;
  /** Returns the outcome of every other request: a status, or a system error code. */
  readonly failures: () => readonly string[];
  /** Settles when an answer has closed the connection of each caller, or the callers were stopped. */
  readonly ended: Promise<unknown>;
  /** Sends no more requests, and waits for those in progress. */
  readonly stop: () => Promise<unknown>;
};

/** The timeout of a request, ms. */
const timeoutMs = boundMs(5_000);

type TimedAnswer = { readonly outcome: string; readonly closes: boolean };

/**
 * Starts callers that each send one request after the other on a kept connection, as an application server or a load balancer does.
 * `afterClose` says what a caller does when an answer closes its connection. After a failure it continues.
 */
export function startKeepAliveCallers(url: string, count: number, afterClose: 'stop' | 'reconnect'): KeepAliveCallers {
  let answered = 0;
  const stop = new AbortController();
  const failures: string[] = [];

  async function call(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!stop.signal.aborted) {
      const { outcome, closes } = await askOn(agent, url);
      if (outcome === '200') answered += 1;
      else failures.push(outcome);
      if (closes && afterClose === 'stop') break;
    }
    agent.destroy();
  }

  const ended = Promise.all(Array.from({ length: count }, call));
  return {
    answered: () => answered,
    failures: () => failures,
    ended,
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

function askOn(agent: Agent, url: string): Promise<TimedAnswer> {
  return new Promise((resolve) => {
    const fail = ({ code, message }: NodeJS.ErrnoException) => resolve({ outcome: code ?? message, closes: false });
    const options = { method: 'POST', agent, timeout: timeoutMs };
    const sent = request(`${url}/v1/ice-servers`, options, (answer) => {
      answer.once('error', fail).resume();
      answer.once('end', () =>
        resolve({ outcome: `${answer.statusCode}`, closes: answer.headers.connection === 'close' }),
      );
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer within the timeout')));
    sent.once('error', fail).end();
  });
}
