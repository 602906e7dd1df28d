import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import fc from 'fast-check';
import { z } from 'zod';
import { answerArguments, faultsText } from './program.ts';
import { findChoiceFault, readSettings } from './read-settings.ts';
import type { Environment } from './setting.ts';
import { portSetting, turnSecretSettings } from './setting-kinds.ts';

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
      warnings: [],
    });
  });

  test('reports all faults at once, without a secret', () => {
    expect(read({ NAME: 'A\n', PORT: '0x10', SECRET: 'shh', TOKEN: 't', PLACE: 'user:hush' })).toEqual({
      ok: false,
      faults: [
        {
          field: 'NAME',
          detail: String.raw`Invalid value "A\n": expected a name. The value begins or ends with blanks or line breaks: remove them`,
        },
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
      warnings: [],
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

  test.each([
    ['/dev/zero', 'not a regular file'],
    ['/dev', 'not a regular file'],
    [process.execPath, 'larger than 65536 bytes'],
  ])('refuses the file %s of a secret', (path, reason) => {
    const detail = `Cannot read ${JSON.stringify(path)} (${reason}): expected a readable file with the value of SECRET`;
    expect(read({ NAME: 'a', SECRET_FILE: path })).toEqual({ ok: false, faults: [{ field: 'SECRET_FILE', detail }] });
  });

  test('refuses a named pipe without waiting for its writer', async () => {
    await using directory = await temporaryDirectory('settings');
    const path = join(directory.path, 'pipe');
    execFileSync('mkfifo', [path]);
    expect(read({ NAME: 'a', SECRET_FILE: path })).toMatchObject({
      faults: [{ detail: expect.stringContaining('(not a regular file)') }],
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

describe('stray characters', () => {
  const quotes =
    'The value has quotes around it: remove them. Some programs that read environment files keep quotes, such as "docker run --env-file"';
  const blanks = 'The value begins or ends with blanks or line breaks: remove them';
  const literal = String.raw`The value ends with the characters \n instead of a line break: remove them`;

  test('blanks around a value are removed, except around a secret', () => {
    expect(read({ NAME: ' a\n', PORT: '80 ', PLACE: ' https://a.example.org', SECRET: ' hush' })).toEqual({
      ok: true,
      config: { NAME: 'a', PORT: 80, PLACE: 'https://a.example.org', SECRET: ' hush' },
      warnings: [{ field: 'SECRET', detail: blanks }],
    });
  });

  test.each([
    ['"hush-hush"', quotes],
    ["'hush-hush'", quotes],
    ['`hush-hush`', quotes],
    ['“hush-hush”', quotes],
    ['„hush-hush“', quotes],
    ['first="hush-hush",second=other', quotes],
    ['hush-hush\n', blanks],
    ['\thush', blanks],
    [String.raw`hush\n`, literal],
    [String.raw`hush\r\n`, literal],
    ['hush\u200B-hush', expect.stringContaining('an invisible character')],
    ['“hush-hush', expect.stringContaining('typographic quotes')],
    ['${THE_SECRET}', expect.stringContaining('the name of a variable')],
    ['$THE_SECRET', expect.stringContaining('the name of a variable')],
    ['%THE_SECRET%', expect.stringContaining('the name of a variable')],
    ['$(THE_SECRET)', expect.stringContaining('the name of a variable')],
    ['{{ .Values.secret }}', expect.stringContaining('the name of a variable')],
    ['first=%THE_SECRET%', expect.stringContaining('the name of a variable')],
    ['SECRET=hush', expect.stringContaining('remove "SECRET="')],
    ['export SECRET=hush', expect.stringContaining('remove "SECRET="')],
  ])('a secret %j is used, and the operator is warned', (SECRET, detail) => {
    expect(read({ NAME: 'a', SECRET })).toMatchObject({
      ok: true,
      config: { SECRET },
      warnings: [{ field: 'SECRET', detail }],
    });
  });

  test.each([
    'hu"sh',
    '"',
    '"hush',
    'hush hush',
    '50%',
    '%hu%sh%',
    'a=hush,b=hush',
    '-----BEGIN X-----\n',
    'redis://a\n',
  ])('a secret %j causes no warning', (SECRET) => {
    expect(
      read({ NAME: 'a', SECRET: `${SECRET.trim().padEnd(4, '-')}${SECRET.endsWith('\n') ? '\n' : ''}` }),
    ).toMatchObject({
      ok: true,
      warnings: [],
    });
  });

  test.each([
    ['main-1=north-secret-of-2026', true],
    ['2026-11=c291dGgtc2VjcmV0LW9mLTIwMjY=', true],
    ['c291dGgtc2VjcmV0LW9mLTIwMjY=', false],
    ['abcdefghijklmnopqrstuv==', false],
    ['Main=north-secret-of-2026', false],
    ['north-secret-of-2026', false],
  ])('whether TURN_SECRET %j is used with a warning about the form of TURN_SECRETS: %s', (TURN_SECRET, isDoubtful) => {
    const detail =
      'The value has the form id=secret of TURN_SECRETS, but all of it is used as the secret: set TURN_SECRETS instead, or remove the id and the first "="';
    expect(
      readSettings(
        { settings: turnSecretSettings, findFaults: () => [], configFrom: (values) => values },
        { TURN_SECRET },
      ),
    ).toEqual({
      ok: true,
      config: { TURN_SECRET },
      warnings: isDoubtful ? [{ field: 'TURN_SECRET', detail }] : [],
    });
  });

  test.each([
    [{ NAME: '"a"' }, 'NAME', String.raw`Invalid value "\"a\"": expected a name. ${quotes}`],
    [{ PORT: "'80'" }, 'PORT', `Invalid value "'80'": expected a port, 1–65535. ${quotes}`],
    [{ PLACE: '"https://a.example.org"' }, 'PLACE', `Invalid value: expected a URL. ${quotes}`],
    [{ SECRET: '"x' }, 'SECRET', 'Invalid value: expected a secret'],
    [{ SECRET: '""' }, 'SECRET', `Invalid value: expected a secret. ${quotes}`],
  ])('%j is refused with the remedy', (environment, field, detail) => {
    expect(read({ NAME: 'a', SECRET: 'hush', ...environment })).toEqual({ ok: false, faults: [{ field, detail }] });
  });

  test.each([
    ['TURN_PORT', 'tcp://10.96.12.7:3478', ' named "turn"'],
    ['TURN_TLS_PORT', 'tcp://10.96.12.7:5349', ' named "turn-tls"'],
    ['ADMIN_PORT', 'udp://[fd00::7]:8081', ' named "admin"'],
    ['PORT', 'tcp://10.96.12.7:8080', ''],
  ])('the variable %s that Kubernetes sets to %s is named as such', (name, value, service) => {
    const [port, NAME] = [{ [name]: { meaning: 'Its port', ...portSetting } }, settings.NAME];
    const withPort = readSettings(
      { settings: { ...port, NAME }, findFaults: () => [], configFrom: (values) => values },
      { NAME: 'a', [name]: value },
    );
    expect(withPort.ok ? [] : withPort.faults).toEqual([
      {
        field: name,
        detail: `Invalid value "${value}": expected a port, 1–65535. Kubernetes sets ${name} for a Service${service}: set enableServiceLinks: false in the pod, or rename the Service`,
      },
    ]);
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
