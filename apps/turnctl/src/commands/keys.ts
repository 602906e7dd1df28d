import { createKey, listKeys, revokeKey, rotateKey, type NewKey } from '@turn-router/operations';
import type { Environment } from '@turn-router/settings';
import type { Command } from 'commander';
import { findFirstRedis } from '../first-redis.ts';
import { newKeyWith, withScopeOptions, type KeyScopeOptions } from '../keys/key-scope.ts';
import { keysTable } from '../keys/keys-table.ts';
import { operate } from '../operate.ts';
import { parseKeyId } from '../parsed-argument.ts';
import type { Terminal } from '../terminal.ts';
import { withOutput, type Output } from '../with-output.ts';

const explanation = `
Keys are in the Redis that REDIS_URL or REDIS_URL_FILE names (of several, in the first); routers follow within 2 s, and each
change is written into the audit log (turnctl audit). Without it, "create"
prints the entry for the routers' API_KEYS_FILE.

  turnctl keys create web --label "The web application" --max-ttl 3600
  turnctl keys rotate web            # both secrets count; give the new one to the application …
  turnctl keys revoke web --older    # … then take the older one away
  turnctl keys revoke web            # and this is the end of it
  turnctl keys list -o json          # a backup, which is also an API_KEYS_FILE
`;

export function addKeysCommand(program: Command, terminal: Terminal, environment: Environment): void {
  const { stdout, stderr } = terminal;
  const keys = program
    .command('keys')
    .summary('make, list and revoke API keys')
    .description('Makes, lists and revokes the API keys by which applications ask routers.')
    .addHelpText('after', explanation);

  /** The one time that a key is seen. */
  function showKey({ id, key, record }: NewKey, isStored: boolean, { output }: Output): void {
    if (output === 'json') stdout.write(`${JSON.stringify({ id, key, stored: isStored, record }, undefined, 2)}\n`);
    else if (isStored) {
      stdout.write(`${key}\n`);
      stderr.write('(shown this once)\n');
    } else {
      // JSON is YAML: a line for a file of either.
      stdout.write(`${id}: ${JSON.stringify(record)}\n`);
      stderr.write(`\n${key}\n(shown this once; the line above goes into the routers’ API_KEYS_FILE)\n`);
    }
  }

  withScopeOptions(withOutput(keys.command('create').summary('make a key')))
    .description('Makes a key. It is shown once: only a hash of it is kept.')
    .argument('<ID>', 'names the application, in the key and in logs', parseKeyId)
    .action(async (id: string, options: KeyScopeOptions & Output) => {
      const made = newKeyWith(id, options, terminal);
      if (findFirstRedis(environment) === undefined) {
        showKey(made, false, options);
        return;
      }
      await operate({ environment, terminal, name: id }, async (parts, actor) => {
        await createKey(parts, actor, made);
        showKey(made, true, options);
      });
    });

  withOutput(keys.command('rotate').summary('give a key a second secret'))
    .description('Gives a key a new secret. The one before goes on counting until it is taken away.')
    .argument('<ID>', 'of the key', parseKeyId)
    .action((id: string, options: Output) =>
      operate({ environment, terminal, name: id }, async (parts, actor) =>
        showKey(await rotateKey(parts, actor, id), true, options),
      ),
    );

  withOutput(keys.command('list').summary('show the keys'))
    .description('Shows all keys, without their secrets, which nobody has.')
    .action(({ output }: Output) =>
      operate({ environment, terminal }, async (parts) => {
        const { entries, rejected } = await listKeys(parts);
        stdout.write(
          output === 'json' ? `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n` : keysTable(entries),
        );
        for (const id of rejected) stderr.write(`${JSON.stringify(id)}: what is stored is no key\n`);
      }),
    );

  withOutput(keys.command('revoke').summary('take a key away'))
    .description('Takes a key away. Whoever shows it is refused within 2 s.')
    .argument('<ID>', 'of the key')
    .option('--older', 'only the older of its two secrets')
    .action((id: string, { older, output }: Output & { readonly older?: true }) =>
      operate({ environment, terminal, name: id }, async (parts, actor) => {
        const revoked = older === true ? 'older' : 'all';
        await revokeKey(parts, actor, { id, secrets: revoked });
        stdout.write(output === 'json' ? `${JSON.stringify({ id, revoked })}\n` : `revoked: ${id} (${revoked})\n`);
      }),
    );
}
