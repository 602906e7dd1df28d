import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { fieldFromPath, locatedFaults, type FieldFault } from './field-fault.ts';
import { policySchema, type Policy } from './policy.ts';

/** A fault and the line of the file where it stands, counted from 1. */
export type PolicyFileFault = FieldFault & { readonly line: number };

export type ParsedPolicy =
  { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly faults: readonly PolicyFileFault[] };

/** Reads a policy from YAML 1.2 (so JSON too). Never throws: all faults come back at once, by line. */
export function parsePolicy(text: string): ParsedPolicy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number | undefined) => lines.linePos(offset ?? 0).line || 1;

  const faults = document.errors.map((error) => ({ line: lineOf(error.pos[0]), field: '', detail: error.message }));
  if (faults.length > 0) return { ok: false, faults };

  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // An alias that cannot be followed, or a bomb of aliases.
    return {
      ok: false,
      faults: [{ line: 1, field: '', detail: error instanceof Error ? error.message : 'unreadable' }],
    };
  }
  const parsed = policySchema.safeParse(value);
  if (parsed.success) return { ok: true, policy: parsed.data };
  return {
    ok: false,
    faults: locatedFaults(parsed.error)
      .map(({ path, detail }) => ({ line: lineOf(findOffset(document, path)), field: fieldFromPath(path), detail }))
      .toSorted((a, b) => a.line - b.line),
  };
}

/** Where the path begins in the file; for a field that is missing, where the map that lacks it begins. */
function findOffset(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const key = isMap(parent)
      ? parent.items.find((item) => String(item.key) === String(path[length - 1]))?.key
      : undefined;
    const node = isNode(key) ? key : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0];
}
