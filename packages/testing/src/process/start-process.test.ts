import { describe, expect, test } from '@jest/globals';
import { startProcess } from './start-process.ts';

const node = (script: string) => ({ name: 'it', command: process.execPath, args: ['-e', script] });

describe('startProcess', () => {
  test('waits for readiness, passes the environment on, and ends the process by its id', async () => {
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

  test('passes on what makes the process a part of the run, beside PATH nothing else', async () => {
    const script = `console.log(Object.keys(process.env).sort().join()); setInterval(() => {}, 1000)`;
    await using started = await startProcess({ ...node(script), isReady: (output) => output.includes('\n') });
    expect(started.output()).toBe('PATH,TMPDIR,TURN_ROUTER_RUNS\n');
  });

  test('kills what does not end when asked to', async () => {
    const script = `process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000)`;
    const started = await startProcess({ ...node(script), isReady: (output) => output.includes('ready') });
    await started.stop(50);
    expect(await started.exited).toBeNull();
  });

  test('has ended when all its output is there, even what a child of it still says', async () => {
    const script = `require('child_process').spawn(process.execPath, ['-p', '"late"'], { stdio: 'inherit' }); process.exit(3)`;
    await using ended = await startProcess({ ...node(script), isReady: () => true });
    expect(await ended.exited).toBe(3);
    expect(ended.output()).toBe('late\n');
  });

  test('shows what a program said that ended before it was ready', async () => {
    const starting = startProcess({ ...node(`console.error('no room'); process.exit(3)`), isReady: () => false });
    await expect(starting).rejects.toThrow('it did not start; it printed:\nno room\n');
  });

  test('says so when there is no such program', async () => {
    const starting = startProcess({ name: 'it', command: 'no-such-program', isReady: () => false });
    await expect(starting).rejects.toThrow('it did not start; it printed:\nspawn no-such-program ENOENT');
  });
});
