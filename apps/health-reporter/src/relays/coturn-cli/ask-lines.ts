import { connect } from 'node:net';
import { faultName } from '../../system/fault-name.ts';
import { CoturnCliError } from './coturn-cli-error.ts';

/** Longer answers are not read, bytes: coturn lists 256 sessions at most (`cli-max-output-sessions`), of some 700 bytes each. */
const answerMaxBytes = 1_048_576;

export type LineServer = {
  readonly host: string;
  readonly port: number;
  /** How long connecting, and each answer, may take. */
  readonly timeoutMs: number;
};

/** A dialogue of lines: one question at a time, since coturn takes all that comes in one piece for one command. */
export interface LineDialogue extends Disposable {
  /**
   * What the server says, of itself or to a line, until that is whole.
   *
   * @throws CoturnCliError, and the dialogue is over
   */
  readonly ask: (line: string | undefined, isWhole: (answer: string) => boolean) => Promise<string>;
}

type LineQuestion = {
  readonly isWhole: (answer: string) => boolean;
  readonly resolve: (answer: string) => void;
  readonly reject: (error: CoturnCliError) => void;
  readonly timer: NodeJS.Timeout;
};

/** Connects in the background; the first question tells how that went. */
export function openLineDialogue({ host, port, timeoutMs }: LineServer): LineDialogue {
  const socket = connect({ host, port, noDelay: true }).setEncoding('latin1');
  let question: LineQuestion | undefined;
  let said = '';
  let over: CoturnCliError | undefined;

  function end(error: CoturnCliError): void {
    over ??= error;
    socket.destroy();
    if (question === undefined) return;
    clearTimeout(question.timer);
    question.reject(over);
    question = undefined;
  }

  socket.on('data', (text: string) => {
    said += text;
    if (said.length > answerMaxBytes) end(new CoturnCliError('unexpected_answer', 'the answer is too long'));
    else if (question?.isWhole(said) === true) {
      const { resolve, timer } = question;
      question = undefined;
      clearTimeout(timer);
      resolve(said);
      said = '';
    }
  });
  socket.on('error', (error) => end(new CoturnCliError('unreachable', `it cannot be reached (${faultName(error)})`)));
  socket.on('close', () => end(new CoturnCliError('closed', 'it has closed the connection')));

  return {
    ask: (line, isWhole) =>
      new Promise((resolve, reject) => {
        if (said !== '') end(new CoturnCliError('unexpected_answer', 'it says what nobody has asked for'));
        if (over !== undefined) {
          reject(over);
          return;
        }
        const tooLate = () => end(new CoturnCliError('timeout', `it has not answered within ${timeoutMs} ms`));
        question = { isWhole, resolve, reject, timer: setTimeout(tooLate, timeoutMs) };
        if (line !== undefined) socket.write(`${line}\r\n`);
      }),
    [Symbol.dispose]: () => end(new CoturnCliError('closed', 'it is closed')),
  };
}
