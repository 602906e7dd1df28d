import { describe, expect, test } from '@jest/globals';
import { startProcess, temporaryDirectory } from '@turn-router/testing';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { findDrainRefusal, parsePidFile, signalCoturn } from './signal-coturn.ts';

const software = "Coturn-4.17.2 'Gorst'";

/** A program of this name that prints when it gets SIGUSR1, also if the signal came just before SIGTERM. */
async function startProgram(directory: string, name: string) {
  const file = join(directory, name);
  await writeFile(
    file,
    '#!/bin/sh\ntrap "echo draining" USR1\ntrap exit TERM\necho ready\nwhile :; do sleep 0.05; done\n',
  );
  await chmod(file, 0o700);
  return startProcess({ name, command: file, isReady: (output) => output.includes('ready') });
}

async function startStage() {
  const directory = await temporaryDirectory('signal');
  const pidFile = join(directory.path, 'turnserver.pid');
  const log: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => log.push(line.trim()) });
  return {
    directory: directory.path,
    async signal(pidText: string | undefined, version: string | undefined = software) {
      if (pidText !== undefined) await writeFile(pidFile, pidText);
      await signalCoturn({ pidFile, software: version, logger });
      return log.splice(0);
    },
    refused: (refusal: string) => [
      JSON.stringify({
        level: 40,
        event: 'drain.coturn_not_signalled',
        pidFile,
        refusal,
        msg: `coturn got no signal to drain and keeps accepting allocations: ${refusal}`,
      }),
    ],
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe('the TURN server of a pid file', () => {
  test('gets one SIGUSR1', async () => {
    await using stage = await startStage();
    await using turnserver = await startProgram(stage.directory, 'turnserver');
    expect(await stage.signal(`${turnserver.pid}\n`)).toEqual([
      expect.stringMatching(
        /"level":30.*"msg":"coturn got the signal to drain: it exits when it has no allocation left"/,
      ),
    ]);
    turnserver.signal('SIGTERM');
    await turnserver.exited;
    expect(turnserver.output()).toBe('ready\ndraining\n');
  });

  test('gets no signal if the signal would kill its version', async () => {
    await using stage = await startStage();
    await using turnserver = await startProgram(stage.directory, 'turnserver');
    const refusal = 'the signal would kill coturn 4.6.1, and only coturn 4.6.3 and later drains on it';
    expect(await stage.signal(`${turnserver.pid}`, 'Coturn-4.6.1')).toEqual(stage.refused(refusal));
    turnserver.signal('SIGTERM');
    await turnserver.exited;
    expect(turnserver.output()).toBe('ready\n');
  });

  test('gets no signal if another process has its number', async () => {
    await using stage = await startStage();
    await using other = await startProgram(stage.directory, 'another');
    expect(await stage.signal(`${other.pid}`)).toEqual(
      stage.refused(`process ${other.pid} is "another", not "turnserver"`),
    );
    const [line = ''] = await stage.signal(`${process.pid}`);
    expect(line).toMatch(/got no signal to drain and keeps accepting allocations: process \d+ is .*, not/);
    other.signal('SIGTERM');
    await other.exited;
    expect(other.output()).toBe('ready\n');
  });

  test('gets no signal if it has ended or the file is invalid, and the reason is logged', async () => {
    await using stage = await startStage();
    const unread = 'cannot read the pid file (ENOENT)';
    expect(await stage.signal(undefined)).toEqual(stage.refused(unread));
    const strange = 'the pid file does not hold one positive whole number';
    expect(await stage.signal('turnserver')).toEqual(stage.refused(strange));
    // Larger than any pid of Linux (proc(5), pid_max).
    expect(await stage.signal('4194305')).toEqual(stage.refused('cannot read the name of process 4194305 (ENOENT)'));
  });
});

const tooOld = (version: string) =>
  `the signal would kill coturn ${version}, and only coturn 4.6.3 and later drains on it`;
const another = (said: string) => `the server is "${said}", and only coturn drains on a signal`;

describe('a TURN server that may be signalled', () => {
  test.each(['Coturn-4.6.3', "Coturn-4.6.3 'Gorst'", 'Coturn-4.7.0', 'Coturn-4.17.2', 'Coturn-5.0.0', 'Coturn-10.0.0'])(
    '%s',
    (said) => {
      expect(findDrainRefusal(said)).toBeUndefined();
    },
  );
});

describe('a TURN server that must not be signalled', () => {
  test.each<[software: string | undefined, refusal: string]>([
    ["Coturn-4.6.2 'Gorst'", tooOld('4.6.2')],
    ["Coturn-4.6.1 'Gorst'", tooOld('4.6.1')],
    ['Coturn-4.5.9', tooOld('4.5.9')],
    ['Coturn-3.9.9', tooOld('3.9.9')],
    ['Coturn-4.6', another('Coturn-4.6')],
    ['TurnServer-4.17.2', another('TurnServer-4.17.2')],
    ['not Coturn-4.17.2', another('not Coturn-4.17.2')],
    ['eturnal 1.12.2', another('eturnal 1.12.2')],
    ['', another('')],
    [
      undefined,
      'the server sent no version: coturn 4.7.0 and later sends it only with software-attribute in its configuration',
    ],
  ])('%s', (said, refusal) => {
    expect(findDrainRefusal(said)).toBe(refusal);
  });
});

test.each<[text: string, pid: number | undefined]>([
  ['4711\n', 4711],
  [' 4711 ', 4711],
  ['1', 1],
  ['', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['+7', undefined],
  ['007', undefined],
  ['4711 4712', undefined],
  ['4711.5', undefined],
  ['0x10', undefined],
  ['99999999999', undefined],
  ['coturn', undefined],
])('parses a pid file with %j', (text, pid) => {
  expect(parsePidFile(text)).toBe(pid);
});
