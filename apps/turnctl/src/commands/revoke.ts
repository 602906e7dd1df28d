import { revocationSchema } from '@turn-router/contract/registry';
import { importRevocations, liftSubject, listRevocations, revokeSubject } from '@turn-router/operations';
import type { Environment } from '@turn-router/settings';
import type { Command } from 'commander';
import { parseDuration } from '../duration.ts';
import { addImportCommand } from '../import/import-command.ts';
import { lossText } from '../import/loss-text.ts';
import { operate } from '../operate.ts';
import { parsedArgument, parseKeyId } from '../parsed-argument.ts';
import { eturnalCommands, revocationsTable, revokedText } from '../revocations/revocation-text.ts';
import {
  parseCustomerPrefix,
  parseSubject,
  parseUserName,
  subjectOfAddress,
  subjectOfUser,
  type UnderKey,
} from '../revocations/subject.ts';
import { turnUsersOf } from '../revocations/turn-users.ts';
import type { Terminal } from '../terminal.ts';
import { withOutput, type Output } from '../with-output.ts';

type RevokeOptions = Output & {
  readonly for?: number;
  readonly reason?: string;
  readonly relays: boolean;
  readonly first?: true;
};

const explanation = `
Revocations are stored in the first Redis in REDIS_URL or REDIS_URL_FILE. Routers apply them within 2 s.
A revocation also ends the running relays of the subject. To find these relays, turnctl needs the routers' TURN_SECRETS.
On coturn, the health-reporters end the relays. For eturnal, turnctl prints the commands to run.
With --no-relays, relays keep running and TURN_SECRETS is not needed.
`;

export function addRevokeCommand(program: Command, terminal: Terminal, environment: Environment): void {
  const { stdout, stderr, unixMs } = terminal;
  const command = program
    .command('revoke')
    .summary('revoke a user, an API key or an address')
    .description(
      'Revokes a subject. Routers issue no more credentials to this subject, and its running relays are ended.',
    )
    .addHelpText('after', explanation);

  const revoke = (subject: string, options: RevokeOptions, scope = ''): Promise<void> =>
    operate({ environment, terminal, name: subject }, async (parts, actor) => {
      const { revocation, isKeyTakenAway } = await revokeSubject(parts, actor, {
        subject,
        forMs: options.for,
        reason: options.reason,
        turnUsersOf: options.relays ? () => turnUsersOf(subject, environment, terminal.stderr) : undefined,
        takeKeyFrom: parts.keys,
        startsAnew: options.first,
      });
      stdout.write(
        options.output === 'json'
          ? `${JSON.stringify({ subject, revocation, isKeyTakenAway, eturnal: eturnalCommands(revocation) })}\n`
          : revokedText(subject, revocation, isKeyTakenAway),
      );
      if (options.output !== 'json') stderr.write(scope);
    });

  withRevokeOptions(command.command('user').summary('revoke one user'))
    .description(
      'Revokes the user whose name is in the claim sub of a JWT. With --key, the name is a user name that an application sends in its requests with this API key.',
    )
    .argument('<NAME>', 'name of the user', parseUserName)
    .option('--key <id>', 'id of the API key of the application', parseKeyId)
    .action((name: string, options: RevokeOptions & UnderKey) =>
      revoke(subjectOfUser(name, options), options, scopeText('users named by a JWT', 'users', options)),
    );

  withRevokeOptions(command.command('key').summary('revoke an API key and all its users'))
    .description(
      'Revokes an API key and all its users, and deletes the key, as the command "keys revoke" does. With the option --for, the key is not deleted, and works again when the given time is over.',
    )
    .argument('<ID>', 'id of the key', parseKeyId)
    .action((id: string, options: RevokeOptions) => revoke(`key:${id}`, options));

  withRevokeOptions(command.command('address').summary('revoke anonymous callers of an address'))
    .description(
      'Revokes the anonymous callers of an address. With --key, revokes the callers of this API key at this address, if their application names no user for them.',
    )
    .argument('<PREFIX>', 'an IPv4 address, or an IPv6 address or its /64', parseCustomerPrefix)
    .option('--key <id>', 'id of the API key of the application', parseKeyId)
    .action((prefix: string, options: RevokeOptions & UnderKey) =>
      revoke(subjectOfAddress(prefix, options), options, scopeText('anonymous callers', 'callers', options)),
    );

  withRevokeOptions(command.command('subject').summary('revoke any subject, in the form that "list" shows'))
    .description('Revokes a subject in the form that "list" shows, such as key:web:user:alice.')
    .argument('<SUBJECT>', 'complete subject', parseSubject)
    .action((subject: string, options: RevokeOptions) => revoke(subject, options));

  withOutput(command.command('list').summary('list the revocations'))
    .description('Lists all revocations. Expired revocations stay in the list until somebody makes a new revocation.')
    .action(({ output }: Output) =>
      operate({ environment, terminal }, async (parts) => {
        const { entries, rejected, loss } = await listRevocations(parts);
        stdout.write(
          output === 'json'
            ? `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`
            : revocationsTable(entries, unixMs()),
        );
        stderr.write(lossText(loss, 'revocations', 'revoke'));
        for (const subject of rejected) stderr.write(`${JSON.stringify(subject)}: ignoring invalid revocation\n`);
      }),
    );

  withOutput(command.command('lift').summary('lift a revocation'))
    .description('Lifts a revocation. If the revocation has deleted an API key, you must create the key again.')
    .argument('<SUBJECT>', 'subject in the form that "list" shows')
    .action((subject: string, { output }: Output) =>
      operate({ environment, terminal, name: subject }, async (parts, actor) => {
        await liftSubject(parts, actor, subject);
        stdout.write(output === 'json' ? `${JSON.stringify({ subject, lifted: true })}\n` : `lifted: ${subject}\n`);
      }),
    );

  addImportCommand(command, terminal, 'revocations', 'revocations.json', (name, request) =>
    operate({ environment, terminal, name }, (parts, actor) => importRevocations(parts, actor, request)),
  );
}

/** Says whom a revocation without an API key matches. In a fleet without such callers it matches nobody. */
function scopeText(matched: string, others: string, { key }: UnderKey): string {
  return key === undefined
    ? `This revocation matches ${matched}. For ${others} of an application, add --key ID.\n`
    : '';
}

function withRevokeOptions(command: Command): Command {
  return withOutput(command)
    .option('--for <time>', 'duration of the revocation, such as 30m, 12h or 7d; default: no end', parseDuration)
    .option('--reason <text>', 'note for operators, at most 200 characters; callers do not see it', parseReason)
    .option('--no-relays', 'let running relays continue')
    .option(
      '--first',
      'revoke even if Redis has lost all revocations; routers then give up those that they still hold',
    );
}

function parseReason(text: string): string {
  return parsedArgument(revocationSchema.shape.reason.unwrap(), text);
}
