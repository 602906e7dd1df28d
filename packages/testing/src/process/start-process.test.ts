import { describe, expect, test } from '@jest/globals';
import { startProcess } from './start-process.ts';

const node = (script: string) => ({ name: 'it', command: process.execPath, args: ['-e', script] });

describe('startProcess', () => {
  test('waits until the process is ready, passes the environment on, and ends the process by its id', async () => {
    const script = `console.log('ready ' + process.env.COLOUR); setInterval(() => {}, 1000)`;
    const started = await startProcess({
      ...node(script),
      env: { COLOUR: 'red' },
      isReady: (output) => output.includes('ready red'),
    });
    expect(() => process.kill(started.pid, 0)).not.toThrow();
    await started.stop();
    expect(() => process.kill(started.pid, 0)).toThrow('ESRCH');
  });

  test('passes on only PATH and the variables that make the process part of the run', async () => {
    const script = `console.log(Object.keys(process.env).sort().join()); setInterval(() => {}, 1000)`;
    await using started = await startProcess({ ...node(script), isReady: (output) => output.includes('\n') });
    expect(started.output()).toBe('PATH,TMPDIR,TURN_ROUTER_RUNS\n');
  });

  test('kills a process that ignores SIGTERM', async () => {
    const script = `process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000)`;
    const started = await startProcess({ ...node(script), isReady: (output) => output.includes('ready') });
    await started.stop(50);
    expect(await started.exited).toBeNull();
  });

  test('settles `exited` only when all output has arrived, including the late output of a child process', async () => {
    const script = `require('child_process').spawn(process.execPath, ['-p', '"late"'], { stdio: 'inherit' }); process.exit(3)`;
    await using ended = await startProcess({ ...node(script), isReady: () => true });
    expect(await ended.exited).toBe(3);
    expect(ended.output()).toBe('late\n');
  });

  test('rejects with the output of a program that ends before it is ready', async () => {
    const starting = startProcess({ ...node(`console.error('no room'); process.exit(3)`), isReady: () => false });
    await expect(starting).rejects.toThrow('it did not start; it printed:\nno room\n');
  });

  test('rejects with the error of the system when the program does not exist', async () => {
    const starting = startProcess({ name: 'it', command: 'no-such-program', isReady: () => false });
    await expect(starting).rejects.toThrow('it did not start; it printed:\nspawn no-such-program ENOENT');
  });
});
