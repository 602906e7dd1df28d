import type { EventFields } from '@turn-router/contract/events';
import type { FieldFault } from '@turn-router/contract/http';

type WarningLogger = { warn(fields: EventFields<'settings.stray_characters'>, message: string): void };

/** Logs each secret that probably contains stray characters. The log lines name the settings, and never contain a secret. */
export function warnOfStrayCharacters(warnings: readonly FieldFault[], logger: WarningLogger): void {
  for (const { field, detail } of warnings) {
    logger.warn(
      { event: 'settings.stray_characters', setting: field, cause: detail },
      'a secret has stray characters: using it as it is',
    );
  }
}
