import { openLineDialogue, type LineServer } from './ask-lines.ts';
import { CoturnCliError } from './coturn-cli-error.ts';
import { parseSessions, type CoturnSession } from './parse-sessions.ts';

/** The telnet CLI of a coturn (`cli-ip`, `cli-port`, `cli-password`); source: coturn's src/apps/relay/turn_admin_server.c. */
export interface CoturnCli extends Disposable {
  /**
   * Sessions whose user is `<expiry>:<turnUser>`, whatever the expiry; at most as many as `cli-max-output-sessions`.
   *
   * @throws CoturnCliError, as `cancel` does; the CLI has to be opened anew then
   */
  readonly sessionsOf: (turnUser: string) => Promise<CoturnSession[]>;
  /** Ends a session: its next Refresh gets 437. */
  readonly cancel: (session: CoturnSession) => Promise<void>;
}

const prompt = '> ';
const passwordQuestion = 'Enter password: \r\n';

/** The end of an answer to `psp`, with the warning that follows when there are more sessions than are shown. */
const endOfSessions = /\r\n {2}Total sessions[^\r\n]*: \d+\r\n[^<]{0,400}> $/;

const isPrompt = (answer: string) => answer.endsWith(prompt);

/** @throws CoturnCliError */
export async function openCoturnCli(server: LineServer, password: string): Promise<CoturnCli> {
  const dialogue = openLineDialogue(server);
  try {
    await dialogue.ask(undefined, (greeting) => greeting.endsWith(passwordQuestion));
    const answer = await dialogue.ask(password, (text) => isPrompt(text) || text.endsWith(passwordQuestion));
    if (!isPrompt(answer)) throw new CoturnCliError('password_refused', 'it refuses TURN_CLI_PASSWORD');
  } catch (error) {
    dialogue[Symbol.dispose]();
    throw error;
  }
  return {
    async sessionsOf(turnUser) {
      const answer = await dialogue.ask(`psp :${turnUser}`, (text) => isPrompt(text) && endOfSessions.test(text));
      return parseSessions(answer).filter(({ username }) => /^\d+:(.*)$/.exec(username)?.[1] === turnUser);
    },
    async cancel({ id }) {
      await dialogue.ask(`cs ${id}`, isPrompt);
    },
    [Symbol.dispose]: () => dialogue[Symbol.dispose](),
  };
}
