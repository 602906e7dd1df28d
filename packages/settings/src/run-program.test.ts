import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readSettings } from './read-settings.ts';
import { runProgram } from './run-program.ts';
import type { Environment } from './setting.ts';

const settings = { NAME: { meaning: 'A name', expected: 'a name', schema: z.string(), required: true } } as const;
const program = { name: 'it', entry: 'it.js', summary: 'It is.', version: '1.2.3', settings };

const read = (environment: Environment) =>
  readSettings({ settings, findFaults: () => [], configFrom: ({ NAME }) => NAME }, environment);

async function start(args: string[], env: Record<string, string>, run: (name: string) => Promise<void>) {
  const written = { stdout: '', stderr: '' };
  const process = {
    argv: ['node', 'it.js', ...args],
    env,
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
    exitCode: undefined as number | undefined,
  };
  await runProgram(program, read, run, process);
  return { ...written, exitCode: process.exitCode };
}

describe('runProgram', () => {
  test('runs with the configuration from the settings', async () => {
    const ran: string[] = [];
    expect(await start([], { NAME: 'a' }, async (name) => void ran.push(name))).toEqual({ stdout: '', stderr: '' });
    expect(ran).toEqual(['a']);
  });

  test.each([
    ['--version is given', ['--version'], {}, { stdout: '1.2.3\n', stderr: '', exitCode: 0 }],
    [
      'an argument is unknown',
      ['x'],
      { NAME: 'a' },
      { stdout: '', stderr: 'Unknown arguments: x: expected --help, --version or no arguments\n', exitCode: 2 },
    ],
    [
      'the settings are faulty',
      [],
      {},
      {
        stdout: '',
        stderr:
          'it cannot start: 1 fault(s) in its settings (--help lists all settings)\n  NAME: Missing: expected a name\n',
        exitCode: 2,
      },
    ],
  ])('does not run when %s', async (_, args, env, result) => {
    expect(await start(args, env, () => Promise.reject(new Error('ran')))).toEqual(result);
  });

  test('prints the message of the error that ended it, without a stack', async () => {
    const result = await start([], { NAME: 'a' }, () => Promise.reject(new Error('no room')));
    expect(result).toEqual({ stdout: '', stderr: 'it cannot run: no room\n', exitCode: 1 });
  });
});
