import { revocationSchema } from '@turn-router/contract/registry';
import { liftSubject, listRevocations, revokeSubject } from '@turn-router/operations';
import type { Environment } from '@turn-router/settings';
import type { Command } from 'commander';
import { parseDuration } from '../duration.ts';
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

type RevokeOptions = Output & { readonly for?: number; readonly reason?: string; readonly relays: boolean };

const explanation = `
Revocations are stored in the first Redis in REDIS_URL or REDIS_URL_FILE. Routers apply them within 2 s.
The routers' TURN_SECRETS are needed to find the TURN users whose relays to end. The health-reporters of coturn servers end
them; for eturnal, the command to run is printed. With --no-relays, running relays go on and TURN_SECRETS are not needed.
`;

export function addRevokeCommand(program: Command, terminal: Terminal, environment: Environment): void {
  const { stdout, stderr, unixMs } = terminal;
  const command = program
    .command('revoke')
    .summary('revoke a user, an API key or an address')
    .description('Revokes a subject: routers issue no more credentials to it, and its running relays are ended.')
    .addHelpText('after', explanation);

  const revoke = (subject: string, options: RevokeOptions): Promise<void> =>
    operate({ environment, terminal, name: subject }, async (parts, actor) => {
      const { revocation, isKeyTakenAway } = await revokeSubject(parts, actor, {
        subject,
        forMs: options.for,
        reason: options.reason,
        turnUsersOf: options.relays ? () => turnUsersOf(subject, environment) : undefined,
        takeKeyFrom: parts.keys,
      });
      stdout.write(
        options.output === 'json'
          ? `${JSON.stringify({ subject, revocation, isKeyTakenAway, eturnal: eturnalCommands(revocation) })}\n`
          : revokedText(subject, revocation, isKeyTakenAway),
      );
    });

  withRevokeOptions(command.command('user').summary('revoke one user'))
    .description("Revokes the user in a JWT's sub or, with --key, the user that an application names in its requests.")
    .argument('<NAME>', 'name of the user', parseUserName)
    .option('--key <id>', 'id of the API key of the application', parseKeyId)
    .action((name: string, options: RevokeOptions & UnderKey) => revoke(subjectOfUser(name, options), options));

  withRevokeOptions(command.command('key').summary('revoke an API key and all its users'))
    .description(
      'Revokes an API key and all its users, and deletes the key like "keys revoke". With --for the key is kept, and works again afterwards.',
    )
    .argument('<ID>', 'id of the key', parseKeyId)
    .action((id: string, options: RevokeOptions) => revoke(`key:${id}`, options));

  withRevokeOptions(command.command('address').summary('revoke anonymous callers of an address'))
    .description(
      'Revokes the anonymous callers of an address or, with --key, the callers for whom an application names no user.',
    )
    .argument('<PREFIX>', 'an IPv4 address, or an IPv6 address or its /64', parseCustomerPrefix)
    .option('--key <id>', 'id of the API key of the application', parseKeyId)
    .action((prefix: string, options: RevokeOptions & UnderKey) => revoke(subjectOfAddress(prefix, options), options));

  withRevokeOptions(command.command('subject').summary('revoke any subject, in the form that "list" shows'))
    .description('Revokes a subject in the form that "list" shows, such as key:web:user:alice.')
    .argument('<SUBJECT>', 'complete subject', parseSubject)
    .action(revoke);

  withOutput(command.command('list').summary('list the revocations'))
    .description('Lists all revocations. Expired ones stay in the list until the next revocation is made.')
    .action(({ output }: Output) =>
      operate({ environment, terminal }, async (parts) => {
        const { entries, rejected } = await listRevocations(parts);
        stdout.write(
          output === 'json'
            ? `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`
            : revocationsTable(entries, unixMs()),
        );
        for (const subject of rejected) stderr.write(`${JSON.stringify(subject)}: ignoring invalid revocation\n`);
      }),
    );

  withOutput(command.command('lift').summary('lift a revocation'))
    .description('Lifts a revocation. An API key that was deleted with it must be created again.')
    .argument('<SUBJECT>', 'subject in the form that "list" shows')
    .action((subject: string, { output }: Output) =>
      operate({ environment, terminal, name: subject }, async (parts, actor) => {
        await liftSubject(parts, actor, subject);
        stdout.write(output === 'json' ? `${JSON.stringify({ subject, lifted: true })}\n` : `lifted: ${subject}\n`);
      }),
    );
}

function withRevokeOptions(command: Command): Command {
  return withOutput(command)
    .option('--for <time>', 'duration, such as 30m, 12h or 7d; default: without an end', parseDuration)
    .option('--reason <text>', 'note for operators, at most 200 characters; callers do not see it', parseReason)
    .option('--no-relays', 'do not end running relays');
}

function parseReason(text: string): string {
  return parsedArgument(revocationSchema.shape.reason.unwrap(), text);
}
