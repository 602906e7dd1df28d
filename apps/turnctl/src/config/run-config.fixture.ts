import { runCommand } from '../run-command.fixture.ts';

export const north = 'kJ8-first-north-secret';
export const south = 'sL2/second+south-secret=';

/** The environment of a node with every setting. */
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

/** Runs `turnctl config` with only this environment. */
export function runConfig(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return runCommand(['config', ...args], { environment });
}
