// A guarded run of everything that is hard to end: with `readyFile` as its argument, where it lists the process ids, and waits.
import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { guardRun } from '@turn-router/run-guard';
import { startCoturn, startRedis, temporaryDirectory } from '@turn-router/testing';

const [readyFile = ''] = process.argv.slice(2);

guardRun();
/** In a session of its own, and without any variable that marks it. @param {string} script */
const startNode = (script) =>
  spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'], env: {} });

const deaf = startNode(`process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)`);
// Its own child stays when it ends, as one of init. The guard has seen the child by then: it looks twice a second.
const parent = startNode(`
  const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  console.log(child.pid);
  setTimeout(() => process.exit(), 5000);
`);
const stopped = startNode(`console.log(process.pid); setInterval(() => {}, 1000)`);

const directory = await temporaryDirectory('guarded');
writeFileSync(`${directory.path}/kept`, 'by nobody');
const redis = await startRedis();
const coturn = await startCoturn({ secrets: ['north-secret-of-2026'] });

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
const pidSaidBy = (child) => new Promise((resolve) => child.stdout?.once('data', (text) => resolve(Number(text))));
const pids = await Promise.all([deaf, parent, stopped].map(pidSaidBy));
if (parent.exitCode === null) await new Promise((resolve) => parent.once('exit', resolve));
stopped.kill('SIGSTOP');
redis.signal('SIGSTOP');

writeFileSync(`${readyFile}.new`, JSON.stringify([redis.pid, coturn.pid, ...pids]));
renameSync(`${readyFile}.new`, readyFile);
setInterval(() => {}, 1000);
