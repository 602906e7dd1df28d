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
Revocations are in the Redis that REDIS_URL or REDIS_URL_FILE names (of several, in the first); routers follow within 2 s.
By the routers' TURN_SECRETS it is known whose relays to end: health-reporters beside coturn do so, for eturnal the command
is printed. --no-relays leaves them as they are.
`;

export function addRevokeCommand(program: Command, terminal: Terminal, environment: Environment): void {
  const { stdout, stderr, unixMs } = terminal;
  const command = program
    .command('revoke')
    .summary('throw a user, a key or an address out')
    .description('Throws somebody out: routers issue nothing more, and running relays are ended.')
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

  withRevokeOptions(command.command('user').summary('one user'))
    .description("Revokes a user: whom a JWT's sub names or, with --key, whom an application names in its bodies.")
    .argument('<NAME>', 'of the user', parseUserName)
    .option('--key <id>', 'of the application whose user it is', parseKeyId)
    .action((name: string, options: RevokeOptions & UnderKey) => revoke(subjectOfUser(name, options), options));

  withRevokeOptions(command.command('key').summary('an API key, with everybody under it'))
    .description(
      'Revokes an API key with everybody under it, and takes it away as "keys revoke" does. With --for it stays, and is good again afterwards.',
    )
    .argument('<ID>', 'of the key', parseKeyId)
    .action((id: string, options: RevokeOptions) => revoke(`key:${id}`, options));

  withRevokeOptions(command.command('address').summary('whom nobody names'))
    .description(
      'Revokes the anonymous callers of an address or, with --key, those for whom an application names no user.',
    )
    .argument('<PREFIX>', 'an IPv4 address, or an IPv6 address or its /64', parseCustomerPrefix)
    .option('--key <id>', 'of the application', parseKeyId)
    .action((prefix: string, options: RevokeOptions & UnderKey) => revoke(subjectOfAddress(prefix, options), options));

  withRevokeOptions(command.command('subject').summary('any of these, as "list" shows it'))
    .description('Revokes a subject as "list" shows it, such as key:web:user:alice.')
    .argument('<SUBJECT>', 'whole', parseSubject)
    .action(revoke);

  withOutput(command.command('list').summary('show who is revoked'))
    .description('Shows all revocations, those that are over included; they go with the next one that is made.')
    .action(({ output }: Output) =>
      operate({ environment, terminal }, async (parts) => {
        const { entries, rejected } = await listRevocations(parts);
        stdout.write(
          output === 'json'
            ? `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`
            : revocationsTable(entries, unixMs()),
        );
        for (const subject of rejected) stderr.write(`${JSON.stringify(subject)}: what is stored is no revocation\n`);
      }),
    );

  withOutput(command.command('lift').summary('let somebody in again'))
    .description('Takes a revocation back. A key that was taken away with it has to be made anew.')
    .argument('<SUBJECT>', 'as "list" shows it')
    .action((subject: string, { output }: Output) =>
      operate({ environment, terminal, name: subject }, async (parts, actor) => {
        await liftSubject(parts, actor, subject);
        stdout.write(output === 'json' ? `${JSON.stringify({ subject, lifted: true })}\n` : `lifted: ${subject}\n`);
      }),
    );
}

function withRevokeOptions(command: Command): Command {
  return withOutput(command)
    .option('--for <time>', 'such as 30m, 12h or 7d; without it for good', parseDuration)
    .option('--reason <text>', 'for people, at most 200 characters; callers do not see it', parseReason)
    .option('--no-relays', 'leave running relays as they are');
}

function parseReason(text: string): string {
  return parsedArgument(revocationSchema.shape.reason.unwrap(), text);
}
