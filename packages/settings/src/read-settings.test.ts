import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import fc from 'fast-check';
import { z } from 'zod';
import { answerArguments, faultsText } from './program.ts';
import { findChoiceFault, readSettings } from './read-settings.ts';
import type { Environment } from './setting.ts';
import { portSetting } from './setting-kinds.ts';

const settings = {
  NAME: { meaning: 'Name of the program', expected: 'a name', schema: z.string().regex(/^[a-z]+$/), required: true },
  PORT: { meaning: 'Port that it listens on', ...portSetting, default: '8080' },
  SECRET: { meaning: 'Shared secret', expected: 'a secret', schema: z.string().min(4), secret: true },
  TOKEN: { meaning: 'Instead of SECRET', expected: 'a token', schema: z.string(), secret: true },
  PLACE: { meaning: 'Its address', expected: 'a URL', schema: z.url({ protocol: /^https?$/ }), hidden: true },
} as const;

const read = (environment: Environment) =>
  readSettings(
    { settings, findFaults: (_, given) => findChoiceFault(given, 'SECRET', 'TOKEN'), configFrom: (values) => values },
    environment,
  );

describe('readSettings', () => {
  test('fills in defaults and leaves out unset settings', () => {
    expect(read({ NAME: 'a', SECRET: 'hush', PORT: '', OTHER: 'x' })).toEqual({
      ok: true,
      config: { NAME: 'a', PORT: 8080, SECRET: 'hush' },
    });
  });

  test('reports all faults at once, without a secret', () => {
    expect(read({ NAME: 'A\n', PORT: '0x10', SECRET: 'shh', TOKEN: 't', PLACE: 'user:hush' })).toEqual({
      ok: false,
      faults: [
        { field: 'NAME', detail: String.raw`Invalid value "A\n": expected a name` },
        { field: 'PORT', detail: 'Invalid value "0x10": expected a port, 1–65535' },
        { field: 'SECRET', detail: 'Invalid value: expected a secret' },
        { field: 'PLACE', detail: 'Invalid value: expected a URL' },
        { field: 'TOKEN', detail: 'Cannot be combined with SECRET: set only one of them' },
      ],
    });
    expect(read({})).toEqual({
      ok: false,
      faults: [
        { field: 'NAME', detail: 'Missing: expected a name' },
        { field: 'SECRET', detail: 'Missing: expected SECRET or TOKEN' },
      ],
    });
  });

  test('reads a secret from its file without the last line break, and reports an unreadable file once', async () => {
    await using directory = await temporaryDirectory('settings');
    const path = join(directory.path, 'secret');
    await writeFile(path, 'hush-hush\n');
    expect(read({ NAME: 'a', SECRET_FILE: path })).toEqual({
      ok: true,
      config: { NAME: 'a', PORT: 8080, SECRET: 'hush-hush' },
    });
    await writeFile(path, '\n');
    expect(read({ NAME: 'a', SECRET_FILE: path })).toEqual({
      ok: false,
      faults: [{ field: 'SECRET_FILE', detail: `The file ${JSON.stringify(path)} is empty: expected a secret` }],
    });
    expect(read({ NAME: 'a', SECRET: 'hush', SECRET_FILE: path })).toEqual({
      ok: false,
      faults: [{ field: 'SECRET_FILE', detail: 'Cannot be combined with SECRET: set only one of them' }],
    });
    expect(read({ NAME: 'a', SECRET_FILE: 'no/such/file' })).toEqual({
      ok: false,
      faults: [
        {
          field: 'SECRET_FILE',
          detail: 'Cannot read "no/such/file" (ENOENT): expected a readable file with the value of SECRET',
        },
      ],
    });
  });

  test('reads only secrets from files', () => {
    expect(read({ NAME_FILE: 'no/such/file', SECRET: 'hush' })).toEqual({
      ok: false,
      faults: [{ field: 'NAME', detail: 'Missing: expected a name' }],
    });
  });

  test('never puts the value of a secret into a fault', () => {
    const secrets = fc.string({ minLength: 1, maxLength: 3 }).map((text) => `HUSH-${text}`);
    fc.assert(
      fc.property(fc.subarray(['SECRET', 'TOKEN', 'PLACE']), secrets, (names, value) => {
        const result = read(Object.fromEntries(names.map((name) => [name, value])));
        expect(result.ok ? '' : faultsText({ name: 'it' }, result.faults)).not.toContain('HUSH');
      }),
    );
  });
});

describe('answerArguments', () => {
  const program = { name: 'it', entry: 'it.js', summary: 'It is.', version: '1.2.3', settings };

  test('lists every setting with its default, and the _FILE name of a secret', () => {
    const { NAME, PORT, SECRET } = settings;
    expect(answerArguments({ ...program, settings: { NAME, PORT, SECRET } }, ['--help'])).toEqual({
      exitCode: 0,
      text: `Usage: node it.js [--help | --version]

It is. All settings are environment variables.
A variable whose name ends in _FILE names the file that holds a secret.

Settings:
  NAME (required)
      Name of the program.
      Expected: a name.
  PORT (default 8080)
      Port that it listens on.
      Expected: a port, 1–65535.
  SECRET, SECRET_FILE (no default)
      Shared secret.
      Expected: a secret.
`,
    });
  });

  test.each([
    [[], undefined],
    [['--version'], { exitCode: 0, text: '1.2.3\n' }],
    [
      ['--help', 'x'],
      { exitCode: 2, text: 'Unknown arguments: --help x: expected --help, --version or no arguments\n' },
    ],
    [['run', 'x'], { exitCode: 2, text: 'Unknown arguments: run x: expected --help, --version or no arguments\n' }],
  ])('answers the arguments %j', (args, answer) => {
    expect(answerArguments(program, args)).toEqual(answer);
  });
});
