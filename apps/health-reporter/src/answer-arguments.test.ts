import { expect, test } from '@jest/globals';
import { answerArguments } from './answer-arguments.ts';
import { usage } from './config/usage.ts';

test.each([
  ['nothing: to run', [], undefined],
  ['--help', ['--help'], { text: usage(), exitCode: 0 }],
  ['--version', ['--version'], { text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), exitCode: 0 }],
  [
    'anything else',
    ['--fast'],
    { text: 'Unknown arguments: --fast: expected --help, --version or nothing\n', exitCode: 2 },
  ],
  [
    'too much',
    ['--help', 'me'],
    { text: 'Unknown arguments: --help me: expected --help, --version or nothing\n', exitCode: 2 },
  ],
])('%s', (_what, args, answer) => {
  expect(answerArguments(args)).toEqual(answer);
});
