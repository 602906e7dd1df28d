import { printableEvent } from '@turn-router/operations';
import type { Environment } from '@turn-router/settings';
import { keyRingText, nodeKeyRing, type KeyRing } from '@turn-router/turn-credentials';
import type { Command } from 'commander';
import { actorOf, openTrail } from '../audit/command-trail.ts';
import { CommandFault } from '../command-fault.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { findFirstRedis } from '../first-redis.ts';
import { assertNodeName } from '../assert-node-name.ts';
import { addNewKey } from '../secrets/add-new-key.ts';
import { findUnprovenNodes } from '../secrets/find-unproven-nodes.ts';
import { readKeys } from '../secrets/read-keys.ts';
import { readLiveNodes } from '../secrets/read-live-nodes.ts';
import { removeKey } from '../secrets/remove-key.ts';
import { storeSecrets, type StoredSecrets } from '../secrets/store-secrets.ts';
import type { Terminal } from '../terminal.ts';
import { withOutput, type Output } from '../with-output.ts';

type RotateOptions = Output & { readonly id?: string };
type RetireOptions = Output & { readonly force?: true };

const explanation = `
Reads the routers' keys from TURN_SECRETS or TURN_SECRET, or their _FILE variants. Prints the new value for TURN_SECRETS on stdout, newest
key first. With -o json, the format is [{"id": …, "secret": …}]. Only store changes something. With REDIS_URL, rotate and retire
add an entry to the audit log (turnctl audit). See apps/health-reporter/docs/secrets.md for how to rotate a key without a failed call.

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
    .summary('derive, rotate, store and retire the secrets of TURN servers')
    .description('Prints a new value for TURN_SECRETS, or stores the secrets for coturn.')
    .addHelpText('after', explanation);

  withOutput(secrets.command('derive').summary("derive one node's secrets from the routers' master keys"))
    .description(
      "Prints the secrets of one node, for TURN_SECRET_MODE=per-node. Set the output as TURN_SECRETS of the node's health-reporter.",
    )
    .argument('<REGION/ID>', 'name of the node')
    .action((node: string, { output }: Output) => {
      assertNodeName(node);
      printKeys(nodeKeyRing(ringOf(environment, terminal), node), output, terminal);
    });

  withOutput(secrets.command('rotate').summary('add a new key'))
    .description('Prints the keys. The first one is a new key of 256 random bits.')
    .option('--id <id>', 'id of the new key; default: the current UTC day, such as 2026-11-21')
    .action(async ({ output, id }: RotateOptions) => {
      // Reject an invalid REDIS_URL before printing a new key.
      findFirstRedis(environment);
      const ring = addNewKey(ringOf(environment, terminal), id, terminal);
      printKeys(ring, output, terminal);
      await using trail = openTrail(environment, terminal);
      trail.record(printableEvent({ action: 'secret.rotated', actor: actorOf(terminal), subject: ring.keys[0].id }));
    });

  withOutput(secrets.command('retire').summary('remove a key'))
    .description(
      'Prints the list of keys without the named key. With REDIS_URL, it first checks that every reporting node has proven one of the remaining keys. ' +
        'If some nodes have not, it lists these nodes, prints no keys and exits with code 1.',
    )
    .argument('<KEY-ID>', 'id of the key to remove')
    .option('--force', 'print the keys even if the check fails')
    .action(async (id: string, { output, force }: RetireOptions) => {
      const remaining = removeKey(ringOf(environment, terminal), id);
      const isProven = await checkNodesHaveProven(remaining, environment, terminal);
      if (!isProven && force !== true) {
        end(exitCodes.claimFailed);
        return;
      }
      printKeys(remaining, output, terminal);
      const detail = isProven ? {} : { detail: { forced: true } };
      await using trail = openTrail(environment, terminal);
      trail.record(printableEvent({ action: 'secret.retired', actor: actorOf(terminal), subject: id, ...detail }));
    });

  secrets
    .command('store')
    .summary("write a node's secrets into the Redis from which its coturn reads them")
    .description(
      'Writes the secrets of TURN_SECRETS into the Redis of COTURN_REDIS_URL, for a coturn whose configuration has redis-userdb. coturn accepts them at ' +
        'once. Reads TURN_REALM and TURN_HOSTNAME as "turnctl config" does. Prints only the ids of the keys.',
    )
    .option(
      '--remove-others',
      'remove the other secrets of the realm; coturn then refuses credentials that were signed with them',
    )
    .action(async ({ removeOthers }: { readonly removeOthers?: true }) => {
      const removesOthers = removeOthers === true;
      terminal.stdout.write(
        storedText(await storeSecrets(environment, { removesOthers }, terminal.stderr), removesOthers),
      );
    });
}

function storedText({ realm, ids, added, others }: StoredSecrets, removesOthers: boolean): string {
  const isNew = added.length === 0 ? 'no new one' : `new: ${added.join(', ')}`;
  const stored = `coturn now accepts the keys ${ids.join(', ')} in the realm ${realm} (${isNew}).\n`;
  if (removesOthers) return `${stored}Removed ${others} other secrets.\n`;
  return others === 0
    ? stored
    : `${stored}coturn also accepts ${others} other secrets. To remove them, use --remove-others.\n`;
}

function ringOf(environment: Environment, { stderr }: Terminal): KeyRing {
  const read = readKeys(environment, stderr);
  if (!read.ok) throw new CommandFault(read.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  return read.config;
}

function printKeys(ring: KeyRing, output: Output['output'], { stdout, stderr }: Terminal): void {
  if (stdout.isTTY)
    stderr.write(
      'Warning: secrets are printed to a terminal, which may store its output. Redirect the output to a file.\n',
    );
  stdout.write(`${output === 'json' ? JSON.stringify(ring.keys, undefined, 2) : keyRingText(ring)}\n`);
}

/** Whether every reporting node has proven one of the keys. Without REDIS_URL it checks nothing and returns true. */
async function checkNodesHaveProven(
  remaining: KeyRing,
  environment: Environment,
  { stderr }: Terminal,
): Promise<boolean> {
  const records = await readLiveNodes(environment);
  if (records === undefined) {
    stderr.write('REDIS_URL is not set: did not check that every node has proven a remaining key.\n');
    return true;
  }
  const unproven = findUnprovenNodes(records, remaining);
  stderr.write(`${records.length - unproven.length} of ${records.length} nodes have proven a remaining key.\n`);
  if (unproven.length > 0)
    stderr.write(`Nodes that have not proven a remaining key:\n${unproven.map((line) => `  ${line}\n`).join('')}`);
  return unproven.length === 0;
}
