// A guarded run of processes that are hard to end. It writes their ids to the file in its argument (`readyFile`), and waits.
import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { guardRun } from '@turn-router/run-guard';
import { startCoturn, startRedis, temporaryDirectory } from '@turn-router/testing';

const [readyFile = ''] = process.argv.slice(2);

guardRun();
/** Starts a process in a new session, without the environment variable that marks members of a run. @param {string} script */
const startNode = (script) =>
  spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'], env: {} });

const ignoringSigterm = startNode(
  `process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000)`,
);
// When it ends, its child remains and init becomes the child's parent. By then the guard has seen the child, because it looks twice a second.
const parent = startNode(`
  const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  console.log(child.pid);
  setTimeout(() => process.exit(), 5000);
`);
const stopped = startNode(`console.log(process.pid); setInterval(() => {}, 1000)`);

const directory = await temporaryDirectory('guarded');
writeFileSync(`${directory.path}/kept`, 'left over');
const redis = await startRedis();
const coturn = await startCoturn({ secrets: ['north-secret-of-2026'] });

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
const readPid = (child) => new Promise((resolve) => child.stdout?.once('data', (text) => resolve(Number(text))));
const pids = await Promise.all([ignoringSigterm, parent, stopped].map(readPid));
if (parent.exitCode === null) await new Promise((resolve) => parent.once('exit', resolve));
stopped.kill('SIGSTOP');
redis.signal('SIGSTOP');

writeFileSync(`${readyFile}.new`, JSON.stringify([redis.pid, coturn.pid, ...pids]));
renameSync(`${readyFile}.new`, readyFile);
setInterval(() => {}, 1000);
