import { describe, expect, test } from '@jest/globals';
import { startProcess, temporaryDirectory } from '@turn-router/testing';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { signalCoturn } from './signal-coturn.ts';

const software = "Coturn-4.17.2 'Gorst'";

/** A program of this name that says when SIGUSR1 comes, for one that came before its SIGTERM too. */
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
      JSON.stringify({ level: 40, pidFile, refusal, msg: `the TURN server is not told to drain: ${refusal}` }),
    ],
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe('the TURN server of a pid file', () => {
  test('gets one SIGUSR1', async () => {
    await using stage = await startStage();
    await using turnserver = await startProgram(stage.directory, 'turnserver');
    expect(await stage.signal(`${turnserver.pid}\n`)).toEqual([
      expect.stringMatching(/"level":30.*"msg":"the TURN server was told to drain: it ends once it is empty"/),
    ]);
    turnserver.signal('SIGTERM');
    await turnserver.exited;
    expect(turnserver.output()).toBe('ready\ndraining\n');
  });

  test('gets none when its version would be ended by it', async () => {
    await using stage = await startStage();
    await using turnserver = await startProgram(stage.directory, 'turnserver');
    const refusal = 'it is coturn 4.6.1, which the signal would end: coturn drains by it from 4.6.3 on';
    expect(await stage.signal(`${turnserver.pid}`, 'Coturn-4.6.1')).toEqual(stage.refused(refusal));
    turnserver.signal('SIGTERM');
    await turnserver.exited;
    expect(turnserver.output()).toBe('ready\n');
  });

  test('is not taken for another process that has got its number', async () => {
    await using stage = await startStage();
    await using other = await startProgram(stage.directory, 'another');
    expect(await stage.signal(`${other.pid}`)).toEqual(
      stage.refused(`process ${other.pid} is "another", not "turnserver"`),
    );
    const [line = ''] = await stage.signal(`${process.pid}`);
    expect(line).toMatch(/is not told to drain: process \d+ is .*, not/);
    other.signal('SIGTERM');
    await other.exited;
    expect(other.output()).toBe('ready\n');
  });

  test('that is gone, or was never said, is logged and nothing more', async () => {
    await using stage = await startStage();
    const unread = 'the pid file cannot be read (ENOENT)';
    expect(await stage.signal(undefined)).toEqual(stage.refused(unread));
    const strange = 'the pid file holds something else than one positive whole number';
    expect(await stage.signal('turnserver')).toEqual(stage.refused(strange));
    // More than Linux hands out (proc(5), pid_max).
    expect(await stage.signal('4194305')).toEqual(stage.refused('process 4194305 cannot be looked at (ENOENT)'));
  });
});
