import { CoturnCliError } from './coturn-cli-error.ts';
import { openLineClient, type LineServer } from './line-client.ts';
import { parseSessions, type CoturnSession } from './parse-sessions.ts';

/** The telnet CLI of a coturn (`cli-ip`, `cli-port`, `cli-password`); source: coturn's src/apps/relay/turn_admin_server.c. */
export interface CoturnCli extends Disposable {
  /**
   * Returns the sessions of the user `<expiry>:<turnUser>` with any expiry, at most `cli-max-output-sessions` of them.
   *
   * @throws CoturnCliError, as does `cancel`. The caller must then open the CLI again.
   */
  readonly sessionsOf: (turnUser: string) => Promise<CoturnSession[]>;
  /** Ends a session: its next Refresh gets 437. */
  readonly cancel: (session: CoturnSession) => Promise<void>;
}

const prompt = '> ';
const passwordQuestion = 'Enter password: \r\n';

/** The end of the response to `psp`. A warning may follow if coturn has more sessions than it prints. */
const endOfSessions = /\r\n {2}Total sessions[^\r\n]*: \d+\r\n[^<]{0,400}> $/;

const endsInPrompt = (response: string) => response.endsWith(prompt);

/** @throws CoturnCliError */
export async function openCoturnCli(server: LineServer, password: string): Promise<CoturnCli> {
  const client = openLineClient(server);
  try {
    await client.request(undefined, (greeting) => greeting.endsWith(passwordQuestion));
    const response = await client.request(password, (text) => endsInPrompt(text) || text.endsWith(passwordQuestion));
    if (!endsInPrompt(response)) throw new CoturnCliError('password_refused', 'coturn refuses TURN_CLI_PASSWORD');
  } catch (error) {
    client[Symbol.dispose]();
    throw error;
  }
  return {
    async sessionsOf(turnUser) {
      const response = await client.request(
        `psp :${turnUser}`,
        (text) => endsInPrompt(text) && endOfSessions.test(text),
      );
      return parseSessions(response).filter(({ username }) => /^\d+:(.*)$/.exec(username)?.[1] === turnUser);
    },
    async cancel({ id }) {
      await client.request(`cs ${id}`, endsInPrompt);
    },
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}
