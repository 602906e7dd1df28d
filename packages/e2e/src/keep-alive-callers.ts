import { Agent, request } from 'node:http';
import { boundMs } from '@turn-router/testing';

export type KeepAliveCallers = {
  /** Answers with status 200 so far. */
  readonly answered: () => number;
  /** What became of every other request: a status, or the system's error. */
  readonly failures: () => readonly string[];
  /** Settles when each caller has been told to close its connection, or was stopped. */
  readonly ended: Promise<unknown>;
  /** Sends no more, and waits for what is under way. */
  readonly stop: () => Promise<unknown>;
};

/** A caller that hears nothing for so long gives up, ms. */
const timeoutMs = boundMs(5_000);

type TimedAnswer = { readonly outcome: string; readonly closes: boolean };

/**
 * Callers that ask for relays one request after the other, each on a connection of its own that it keeps, as an application server or a
 * load balancer does. `afterClose`: what they do when an answer closes the connection. After a failure they go on.
 */
export function startKeepAliveCallers(url: string, count: number, afterClose: 'leave' | 'reconnect'): KeepAliveCallers {
  let answered = 0;
  const stop = new AbortController();
  const failures: string[] = [];

  async function call(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!stop.signal.aborted) {
      const { outcome, closes } = await askOn(agent, url);
      if (outcome === '200') answered += 1;
      else failures.push(outcome);
      if (closes && afterClose === 'leave') break;
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
    sent.once('timeout', () => sent.destroy(new Error('no answer')));
    sent.once('error', fail).end();
  });
}
