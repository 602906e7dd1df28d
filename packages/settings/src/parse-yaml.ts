import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { fieldFromPath, locatedFaults, type FieldFault } from '@turn-router/contract/http';

/** A fault and its line in the file, counted from 1. */
export type FileFault = FieldFault & { readonly line: number };

export type ParsedYaml<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Reads YAML 1.2 and checks it with a schema. JSON is valid too, because YAML includes JSON. Never throws. Returns all faults at once, sorted by line. */
export function parseYaml<Schema extends z.ZodType>(text: string, schema: Schema): ParsedYaml<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number | undefined) => lines.linePos(offset ?? 0).line || 1;

  const faults = document.errors.map((error) => ({ line: lineOf(error.pos[0]), field: '', detail: error.message }));
  if (faults.length > 0) return { ok: false, faults };

  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // The parser throws for an alias without an anchor, and for aliases that expand beyond its limit.
    const detail = error instanceof Error ? error.message : 'Cannot be read: expected YAML';
    return { ok: false, faults: [{ line: 1, field: '', detail }] };
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    faults: locatedFaults(parsed.error)
      .map(({ path, detail }) => ({ line: lineOf(findOffset(document, path)), field: fieldFromPath(path), detail }))
      .toSorted((a, b) => a.line - b.line),
  };
}

/** Returns the offset of a field in the file. For a missing field, returns the offset of the map that lacks it. */
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
