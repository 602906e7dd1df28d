import type { HashLoss } from '@turn-router/registry';

/** Returns a warning for a list that is empty because Redis has lost its entries; an empty text if there is no sign of a loss. */
export function lossText(loss: HashLoss | undefined, what: string, command: string): string {
  if (loss === undefined) return '';
  const sign =
    loss.sign === 'held'
      ? `a router still holds ${loss.entries} of them in memory`
      : 'the audit log has changes of earlier ones';
  return `Warning: all ${what} are gone from this Redis: ${sign}. Restore them with "turnctl ${command} import FILE".\n`;
}
