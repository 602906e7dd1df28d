import type { FieldFault } from '@turn-router/contract';

/** What the operator reads when the settings stop the start. */
export function faultsText(faults: readonly FieldFault[]): string {
  const lines = faults.map(({ field, detail }) => `  ${field}: ${detail}\n`);
  return `The health-reporter cannot start: ${faults.length} fault(s) in its settings (--help shows them all)\n${lines.join('')}`;
}
