import { PassThrough } from 'node:stream';
import { runTurnctl } from '../run-turnctl.ts';

export const north = 'kJ8-first-north-secret';
export const south = 'sL2/second+south-secret=';

/** A node that has every setting. */
export const fullNode = {
  PUBLIC_IP: '192.0.2.50',
  PUBLIC_IPV6: '2001:db8::50',
  TURN_HOSTNAME: 'turn-1.example.org',
  TURN_PORT: '3479',
  TURN_TLS_PORT: '443',
  RELAY_MIN_PORT: '20000',
  RELAY_MAX_PORT: '20099',
  TURN_SECRETS: `b=${south},a=${north}`,
};
export const tlsFiles = ['--cert', '/etc/turn/chain.pem', '--key', '/etc/turn/key.pem'];

/** `turnctl config` in this environment and no other. */
export async function runConfig(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  let stdout = '';
  const stderr = new PassThrough();
  const terminal = { stdout: { write: (text: string) => (stdout += text) }, stderr, nowMs: () => 0 };
  const world = { nowMs: () => 0, randomBytes: (count: number) => Buffer.alloc(count) };
  const status = await runTurnctl(['config', ...args], environment, terminal, '0.0.0', world);
  return { status, stdout, stderr: String(stderr.read() ?? '') };
}
