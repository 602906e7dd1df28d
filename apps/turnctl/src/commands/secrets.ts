import { printableEvent } from '@turn-router/operations';
import type { Environment } from '@turn-router/settings';
import { keyRingText, nodeKeyRing, type KeyRing } from '@turn-router/turn-credentials';
import type { Command } from 'commander';
import { actorOf, openTrail } from '../audit/command-trail.ts';
import { CommandFault } from '../command-fault.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { findFirstRedis } from '../first-redis.ts';
import { assertNodeName } from '../node-name.ts';
import { addNewKey } from '../secrets/add-new-key.ts';
import { findUnprovenNodes } from '../secrets/find-unproven-nodes.ts';
import { readKeys } from '../secrets/read-keys.ts';
import { readLiveNodes } from '../secrets/read-live-nodes.ts';
import { takeKeyAway } from '../secrets/take-key-away.ts';
import type { Terminal } from '../terminal.ts';
import { withOutput, type Output } from '../with-output.ts';

type RotateOptions = Output & { readonly id?: string };
type RetireOptions = Output & { readonly force?: true };

const explanation = `
The routers' keys are read from TURN_SECRETS, TURN_SECRET or their _FILE twins. What is printed on stdout are secrets: the value of
TURN_SECRETS, newest key first, or with -o json [{"id": …, "secret": …}]. Nothing is changed anywhere; with REDIS_URL
the audit log (turnctl audit) says who has printed them. apps/health-reporter/docs/secrets.md
describes how to rotate a key without a failed call.

  TURN_SECRETS_FILE=/run/secrets/turn turnctl secrets rotate > turn.next
`;

export function addSecretsCommand(
  program: Command,
  terminal: Terminal,
  environment: Environment,
  end: (exitCode: ExitCode) => void,
): void {
  const secrets = program
    .command('secrets')
    .summary('derive, rotate and retire the secrets of TURN servers')
    .description('Prints what TURN_SECRETS have to be.')
    .addHelpText('after', explanation);

  withOutput(secrets.command('derive').summary("one node's own, of the routers' master keys"))
    .description(
      'Prints the secrets of one node for TURN_SECRET_MODE=per-node: all keys, as its health-reporter gets them.',
    )
    .argument('<REGION/ID>', 'the node')
    .action((node: string, { output }: Output) => {
      assertNodeName(node);
      printKeys(nodeKeyRing(ringOf(environment), node), output, terminal);
    });

  withOutput(secrets.command('rotate').summary('the keys with a new one in front'))
    .description('Prints the keys with a new one of 256 random bits in front.')
    .option('--id <id>', 'of the new key; default: the day, such as 2026-11-21')
    .action(async ({ output, id }: RotateOptions) => {
      // A bad one is better known before there are new keys.
      findFirstRedis(environment);
      const ring = addNewKey(ringOf(environment), id, terminal);
      printKeys(ring, output, terminal);
      await using trail = openTrail(environment, terminal);
      trail.record(printableEvent({ action: 'secret.rotated', actor: actorOf(terminal), subject: ring.keys[0].id }));
    });

  withOutput(secrets.command('retire').summary('the keys without one'))
    .description(
      'Prints the keys without one of them. With REDIS_URL it first looks whether every node that reports has proven one of the others; ' +
        'if not it names those that have not, prints no keys and ends with 1.',
    )
    .argument('<KEY-ID>', 'the key that goes')
    .option('--force', 'print the keys all the same')
    .action(async (id: string, { output, force }: RetireOptions) => {
      const remaining = takeKeyAway(ringOf(environment), id);
      const canGo = await canNodesDoWith(remaining, environment, terminal);
      if (!canGo && force !== true) {
        end(exitCodes.claimFailed);
        return;
      }
      printKeys(remaining, output, terminal);
      const detail = canGo ? {} : { detail: { forced: true } };
      await using trail = openTrail(environment, terminal);
      trail.record(printableEvent({ action: 'secret.retired', actor: actorOf(terminal), subject: id, ...detail }));
    });
}

function ringOf(environment: Environment): KeyRing {
  const read = readKeys(environment);
  if (!read.ok) throw new CommandFault(read.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  return read.config;
}

function printKeys(ring: KeyRing, output: Output['output'], { stdout, stderr }: Terminal): void {
  if (stdout.isTTY) stderr.write('These are secrets, and a terminal remembers them: rather send them to a file.\n');
  stdout.write(`${output === 'json' ? JSON.stringify(ring.keys, undefined, 2) : keyRingText(ring)}\n`);
}

async function canNodesDoWith(remaining: KeyRing, environment: Environment, { stderr }: Terminal): Promise<boolean> {
  const records = await readLiveNodes(environment);
  if (records === undefined) {
    stderr.write('REDIS_URL is not set: not looked whether every node has proven another key.\n');
    return true;
  }
  const unproven = findUnprovenNodes(records, remaining);
  stderr.write(`${records.length - unproven.length} of ${records.length} nodes have proven a key that stays.\n`);
  if (unproven.length > 0) stderr.write(`The others have not:\n${unproven.map((line) => `  ${line}\n`).join('')}`);
  return unproven.length === 0;
}
