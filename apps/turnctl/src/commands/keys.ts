import { createKey, importKeys, listKeys, revokeKey, rotateKey, type NewKey } from '@turn-router/operations';
import type { Environment } from '@turn-router/settings';
import type { Command } from 'commander';
import { findFirstRedis } from '../first-redis.ts';
import { addImportCommand } from '../import/import-command.ts';
import { lossText } from '../import/loss-text.ts';
import { expiryText, newKeyWith, withExpiry, withScopeOptions, type KeyScopeOptions } from '../keys/key-scope.ts';
import { keysTable } from '../keys/keys-table.ts';
import { operate } from '../operate.ts';
import { parseKeyId } from '../parsed-argument.ts';
import type { Terminal } from '../terminal.ts';
import { withOutput, type Output } from '../with-output.ts';

const explanation = `
API keys are stored in the first Redis in REDIS_URL or REDIS_URL_FILE. Routers apply a change within 2 s. The audit log records
every change: see turnctl audit. Without REDIS_URL, "create" prints an entry for the routers' API_KEYS_FILE.

  turnctl keys create web --label "The web application" --max-ttl 3600
  turnctl keys create page --origin https://app.example.org --expires 90d   # for a web page: callers count as anonymous
  turnctl keys rotate web            # adds a second secret: give it to the application
  turnctl keys revoke web --older    # deletes the older secret
  turnctl keys revoke web            # deletes the key
  turnctl keys list -o json          # prints a backup, which is also a valid API_KEYS_FILE
  turnctl keys import FILE           # restores keys from a backup, or from api-keys.json in a router's STATE_DIR
`;

const anonymousCallersText = `Callers with this key count as anonymous, because everybody can read a key in a web page. The router ignores the users that
requests name. The policy's anonymousMaxTtlSeconds and anonymousPerAddressPerMinute apply, except where you have set --max-ttl or
--per-address-per-minute. If only your servers hold the key, create it with --trusted-callers.
`;

export function addKeysCommand(program: Command, terminal: Terminal, environment: Environment): void {
  const { stdout, stderr } = terminal;
  const keys = program
    .command('keys')
    .summary('create, rotate, list, revoke and restore API keys')
    .description('Manages the API keys that applications need to call the router.')
    .addHelpText('after', explanation);

  /** Prints a new key. The key cannot be shown again. */
  function showKey({ id, key, record }: NewKey, isStored: boolean, { output }: Output): void {
    if (output === 'json') stdout.write(`${JSON.stringify({ id, key, stored: isStored, record }, undefined, 2)}\n`);
    else if (isStored) {
      stdout.write(`${key}\n`);
      stderr.write('(shown only once)\n');
    } else {
      // JSON is valid YAML, so the line is valid in an API_KEYS_FILE in YAML and in JSON.
      stdout.write(`${id}: ${JSON.stringify(record)}\n`);
      stderr.write(`\n${key}\n(shown only once; add the line above to the routers’ API_KEYS_FILE)\n`);
    }
  }

  withScopeOptions(withOutput(keys.command('create').summary('create a key')), terminal.unixMs)
    .description('Creates a key and prints it once. Only a hash of the key is stored.')
    .argument('<ID>', 'id of the key; identifies the application in the key and in logs', parseKeyId)
    .option(
      '--first',
      'create the key even if Redis has lost all keys; routers then refuse the keys that they still hold',
    )
    .action(async (id: string, options: KeyScopeOptions & Output & { readonly first?: true }) => {
      const made = newKeyWith(id, options, terminal);
      if (made.record.anonymous_callers === true) stderr.write(anonymousCallersText);
      if (findFirstRedis(environment) === undefined) {
        showKey(made, false, options);
        return;
      }
      await operate({ environment, terminal, name: id }, async (parts, actor) => {
        await createKey(parts, actor, made, { startsAnew: options.first === true });
        showKey(made, true, options);
      });
    });

  withExpiry(withOutput(keys.command('rotate').summary('add a second secret to a key')), terminal.unixMs)
    .description('Adds a new secret to a key and prints it once. The older secret stays valid until you revoke it.')
    .argument('<ID>', 'id of the key', parseKeyId)
    .action((id: string, options: Output & { readonly expires?: number }) =>
      operate({ environment, terminal, name: id }, async (parts, actor) =>
        showKey(await rotateKey(parts, actor, id, { expiresAt: expiryText(options.expires) }), true, options),
      ),
    );

  withOutput(keys.command('list').summary('list the keys'))
    .description('Lists all keys. Their secrets are not shown, because only hashes are stored.')
    .action(({ output }: Output) =>
      operate({ environment, terminal }, async (parts) => {
        const { entries, rejected, loss } = await listKeys(parts);
        stdout.write(
          output === 'json'
            ? `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`
            : keysTable(entries, terminal.unixMs()),
        );
        stderr.write(lossText(loss, 'API keys', 'keys'));
        for (const id of rejected) stderr.write(`${JSON.stringify(id)}: ignoring invalid API key record\n`);
      }),
    );

  withOutput(keys.command('revoke').summary('delete a key'))
    .description('Deletes a key. Routers refuse the key within 2 s.')
    .argument('<ID>', 'id of the key')
    .option('--older', 'delete only the older of the two secrets of the key')
    .action((id: string, { older, output }: Output & { readonly older?: true }) =>
      operate({ environment, terminal, name: id }, async (parts, actor) => {
        const revoked = older === true ? 'older' : 'all';
        await revokeKey(parts, actor, { id, secrets: revoked });
        stdout.write(output === 'json' ? `${JSON.stringify({ id, revoked })}\n` : `revoked: ${id} (${revoked})\n`);
      }),
    );

  addImportCommand(keys, terminal, 'API keys', 'api-keys.json', (name, request) =>
    operate({ environment, terminal, name }, (parts, actor) => importKeys(parts, actor, request)),
  );
}
