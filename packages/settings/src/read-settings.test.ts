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
  NAME: { meaning: 'What it is called', expected: 'a name', schema: z.string().regex(/^[a-z]+$/), required: true },
  PORT: { meaning: 'Where it listens', ...portSetting, default: '8080' },
  SECRET: { meaning: 'What nobody may know', expected: 'a secret', schema: z.string().min(4), secret: true },
  TOKEN: { meaning: 'Instead of SECRET', expected: 'a token', schema: z.string(), secret: true },
  PLACE: { meaning: 'Where it is', expected: 'a URL', schema: z.url({ protocol: /^https?$/ }), hidden: true },
} as const;

const read = (environment: Environment) =>
  readSettings(
    { settings, findFaults: (_, given) => findChoiceFault(given, 'SECRET', 'TOKEN'), configFrom: (values) => values },
    environment,
  );

describe('readSettings', () => {
  test('fills in defaults and leaves out what is not set', () => {
    expect(read({ NAME: 'a', SECRET: 'hush', PORT: '', OTHER: 'x' })).toEqual({
      ok: true,
      config: { NAME: 'a', PORT: 8080, SECRET: 'hush' },
    });
  });

  test('names all faults at once, and shows no secret', () => {
    expect(read({ NAME: 'A\n', PORT: '0x10', SECRET: 'shh', TOKEN: 't', PLACE: 'user:hush' })).toEqual({
      ok: false,
      faults: [
        { field: 'NAME', detail: String.raw`Invalid value "A\n": expected a name` },
        { field: 'PORT', detail: 'Invalid value "0x10": expected a port, 1–65535' },
        { field: 'SECRET', detail: 'Invalid value: expected a secret' },
        { field: 'PLACE', detail: 'Invalid value: expected a URL' },
        { field: 'TOKEN', detail: 'Set together with SECRET: expected only one of them' },
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

  test('reads a secret from its file, without the line end; one that cannot be read is not missing, too', async () => {
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
      faults: [{ field: 'SECRET_FILE', detail: `Empty file ${JSON.stringify(path)}: expected a secret` }],
    });
    expect(read({ NAME: 'a', SECRET: 'hush', SECRET_FILE: path })).toEqual({
      ok: false,
      faults: [{ field: 'SECRET_FILE', detail: 'Set together with SECRET: expected only one of them' }],
    });
    expect(read({ NAME: 'a', SECRET_FILE: 'no/such/file' })).toEqual({
      ok: false,
      faults: [{ field: 'SECRET_FILE', detail: 'Cannot read "no/such/file" (ENOENT): expected a file holding SECRET' }],
    });
  });

  test('only a secret may stand in a file', () => {
    expect(read({ NAME_FILE: 'no/such/file', SECRET: 'hush' })).toEqual({
      ok: false,
      faults: [{ field: 'NAME', detail: 'Missing: expected a name' }],
    });
  });

  test('no fault ever holds the value of a secret', () => {
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

  test('shows every setting, with its default and the file that a secret may stand in', () => {
    const { NAME, PORT, SECRET } = settings;
    expect(answerArguments({ ...program, settings: { NAME, PORT, SECRET } }, ['--help'])).toEqual({
      exitCode: 0,
      text: `Usage: node it.js [--help | --version]

It is. All settings come from the environment;
one whose name ends in _FILE reads the value of a secret from a file.

Settings:
  NAME (required)
      What it is called.
      Expected: a name.
  PORT (default 8080)
      Where it listens.
      Expected: a port, 1–65535.
  SECRET, SECRET_FILE (no default)
      What nobody may know.
      Expected: a secret.
`,
    });
  });

  test.each([
    [[], undefined],
    [['--version'], { exitCode: 0, text: '1.2.3\n' }],
    [['--help', 'x'], { exitCode: 2, text: 'Unknown arguments: --help x: expected --help, --version or nothing\n' }],
    [['run', 'x'], { exitCode: 2, text: 'Unknown arguments: run x: expected --help, --version or nothing\n' }],
  ])('answers %j', (args, answer) => {
    expect(answerArguments(program, args)).toEqual(answer);
  });
});
