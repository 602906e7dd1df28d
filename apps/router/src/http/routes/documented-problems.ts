import {
  problems,
  problemType,
  type ProblemActor,
  type ProblemCode,
  type ProblemEntry,
} from '@turn-router/contract/http';

/** One problem code in words. Backquotes enclose literals. */
export type DocumentedProblem = Pick<ProblemEntry, 'status' | 'title' | 'meaning' | 'remedy'> & {
  readonly code: ProblemCode;
  /** The `type` URI. */
  readonly type: string;
  readonly actor: string;
  readonly retry: string;
};

const actors: Readonly<Record<ProblemActor, string>> = { caller: 'Caller', operator: 'Operator', nobody: 'Nobody' };

const codes = Object.keys(problems).filter((name) => isProblemCode(name));

/** Every problem code in words, in the order of the table. */
export function documentedProblems(): readonly DocumentedProblem[] {
  return codes.map((code) => {
    const entry = problems[code];
    const { status, title, meaning, actor, remedy } = entry;
    const type = problemType(code);
    return { code, type, status, title, meaning, actor: actors[actor], remedy, retry: retryText(entry) };
  });
}

function isProblemCode(name: string): name is ProblemCode {
  return Object.hasOwn(problems, name);
}

function retryText({ retry, status }: Pick<ProblemEntry, 'retry' | 'status'>): string {
  switch (retry) {
    case 'never':
      return 'No.';
    case 'after_change':
      return 'Only after the request, the token or the settings have changed.';
    case 'later':
      return status === 429 || status === 503
        ? 'Yes, after as many seconds as `Retry-After` says.'
        : 'Yes, with increasing delays.';
  }
}
