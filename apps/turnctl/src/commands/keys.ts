import { parseApiKeyRecord, type ApiKeyRecord } from '@turn-router/contract/registry';
import type { Environment } from '@turn-router/settings';
import type { Command } from 'commander';
import { writeAudit } from '../audit/write-audit.ts';
import { CommandFault } from '../command-fault.ts';
import { findFirstRedisUrl } from '../first-redis-url.ts';
import { recordWith, withScopeOptions, type KeyScopeOptions } from '../keys/key-scope.ts';
import { findKey, keyStore, replaceKey } from '../keys/key-store.ts';
import { keysTable } from '../keys/keys-table.ts';
import { newSecret } from '../keys/new-secret.ts';
import { parseKeyId } from '../keys/parse-key-id.ts';
import { inStore } from '../redis-store.ts';
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
  function showKey(id: string, key: string, record: ApiKeyRecord, isStored: boolean, { output }: Output): void {
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
      const { key, stored } = newSecret(id, terminal);
      const record = recordWith([stored], options);
      const isStored = findFirstRedisUrl(environment) !== undefined;
      if (isStored) await inStore(keyStore, environment, (store) => replaceKey(store, id, undefined, record));
      showKey(id, key, record, isStored, options);
      const { label } = record;
      const detail = label === undefined ? {} : { detail: { label } };
      await writeAudit({ action: 'key.created', subject: id, ...detail }, environment, terminal);
    });

  withOutput(keys.command('rotate').summary('give a key a second secret'))
    .description('Gives a key a new secret. The one before goes on counting until it is taken away.')
    .argument('<ID>', 'of the key', parseKeyId)
    .action(async (id: string, options: Output) => {
      const { key, stored } = newSecret(id, terminal);
      const rotated = await inStore(keyStore, environment, async (store) => {
        const { text, record } = await findKey(store, id);
        if (record.secrets.length > 1) {
          throw new CommandFault(
            `"${id}": it has two secrets: take the older one away first (keys revoke ${id} --older)`,
          );
        }
        const next = { ...record, secrets: [stored, ...record.secrets] };
        await replaceKey(store, id, text, next);
        return next;
      });
      showKey(id, key, rotated, true, options);
      await writeAudit({ action: 'key.rotated', subject: id }, environment, terminal);
    });

  withOutput(keys.command('list').summary('show the keys'))
    .description('Shows all keys, without their secrets, which nobody has.')
    .action(async ({ output }: Output) => {
      const { records, rejected } = await inStore(keyStore, environment, async (store) =>
        sorted(await store.readAll()),
      );
      stdout.write(
        output === 'json' ? `${JSON.stringify(Object.fromEntries(records), undefined, 2)}\n` : keysTable(records),
      );
      for (const id of rejected) stderr.write(`${JSON.stringify(id)}: what is stored is no key\n`);
    });

  withOutput(keys.command('revoke').summary('take a key away'))
    .description('Takes a key away. Whoever shows it is refused within 2 s.')
    .argument('<ID>', 'of the key')
    .option('--older', 'only the older of its two secrets')
    .action(async (id: string, { older, output }: Output & { readonly older?: true }) => {
      await inStore(keyStore, environment, async (store) => {
        if (older !== true) {
          const text = (await store.readAll())?.get(id);
          // Rubbish can be revoked, too.
          await (text === undefined ? findKey(store, id) : replaceKey(store, id, text, undefined));
          return;
        }
        const { text, record } = await findKey(store, id);
        const [newest, ...others] = record.secrets;
        if (newest === undefined || others.length === 0) throw new CommandFault(`"${id}": it has only one secret`);
        await replaceKey(store, id, text, { ...record, secrets: [newest] });
      });
      const revoked = older === true ? 'older' : 'all';
      stdout.write(output === 'json' ? `${JSON.stringify({ id, revoked })}\n` : `revoked: ${id} (${revoked})\n`);
      await writeAudit({ action: 'key.revoked', subject: id, detail: { secrets: revoked } }, environment, terminal);
    });
}

function sorted(stored: ReadonlyMap<string, string> = new Map()) {
  const records = new Map<string, ApiKeyRecord>();
  const rejected: string[] = [];
  for (const [id, text] of [...stored].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const parsed = parseApiKeyRecord(id, text);
    if (parsed.ok) records.set(id, parsed.record);
    else rejected.push(id);
  }
  return { records, rejected };
}
