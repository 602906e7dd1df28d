import { faultsFromZodError, type FieldFault } from './field-fault.ts';
import { nodeReportMaxBytes, nodeReportSchema, type NodeReport } from './node-report.ts';

/** Why a record of the registry is not a report: a closed set, used as a metric's label. */
export type NodeReportFault = {
  readonly reason: 'too_large' | 'not_json' | 'invalid';
  readonly faults: readonly FieldFault[];
};

export type ParsedNodeReport =
  { readonly ok: true; readonly report: NodeReport } | ({ readonly ok: false } & NodeReportFault);

/** Reads the value of one `turn:node:…` key, which anybody may have written. Never throws. */
export function parseNodeReport(text: string): ParsedNodeReport {
  // A UTF-16 unit is at least one byte of UTF-8, so a long text need not be encoded to be refused.
  if (text.length > nodeReportMaxBytes || Buffer.byteLength(text) > nodeReportMaxBytes) {
    return refused('too_large', { field: '', detail: `Too long: expected at most ${nodeReportMaxBytes} bytes` });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('not_json', { field: '', detail: 'Invalid JSON: expected one JSON object' });
  }
  const parsed = nodeReportSchema.safeParse(value);
  return parsed.success ? { ok: true, report: parsed.data } : refused('invalid', ...faultsFromZodError(parsed.error));
}

function refused(reason: NodeReportFault['reason'], ...faults: FieldFault[]): ParsedNodeReport {
  return { ok: false, reason, faults };
}
