import { isMap, isNode, isScalar, LineCounter, visit, type Document } from 'yaml';
import type { z } from 'zod';
import { fieldFromPath, locatedFaults, type FieldFault } from '@turn-router/contract/http';
import { composeDocument } from './compose-document.ts';

/** A fault and its line in the file, counted from 1. */
export type FileFault = FieldFault & { readonly line: number };

export type ParsedYaml<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Maximum number of faults that are listed. If there are more, one more fault says how many. */
const faultsMax = 50;

/** Maximum length of `field` and of `detail`, characters. Both can repeat text of the file. */
const faultTextMaxLength = 300;

type Located = { readonly offset: number | undefined; readonly field: string; readonly detail: string };

/**
 * Reads YAML 1.2 and checks it with a schema. JSON is valid too, because YAML includes JSON. Never throws. Returns the first 50 faults, sorted by
 * line, and the number of the others. The work to find faults grows in proportion to the text, except in the parser of the YAML library.
 */
export function parseYaml<Schema extends z.ZodType>(text: string, schema: Schema): ParsedYaml<z.output<Schema>> {
  const lines = new LineCounter();
  const rejected = (total: number, first: readonly Located[]) => ({
    ok: false as const,
    faults: list(total, first, lines),
  });

  const composed = composeDocument(text, lines);
  if (!composed.ok) return rejected(1, [{ offset: composed.offset, field: '', detail: composed.detail }]);
  const { document } = composed;
  const found =
    document.errors.length > 0
      ? document.errors.map(({ pos, message }) => ({ offset: pos[0], detail: message }))
      : findRepeatedKeys(document);
  if (found.length > 0)
    return rejected(
      found.length,
      found.slice(0, faultsMax).map((fault) => ({ field: '', ...fault })),
    );

  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    // The parser throws for an alias without an anchor, and for aliases that expand beyond its limit.
    const detail = error instanceof Error ? error.message : 'Cannot be read: expected YAML';
    return rejected(1, [{ offset: 0, field: '', detail }]);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = locatedFaults(parsed.error);
  return rejected(
    faults.length,
    faults
      .slice(0, faultsMax)
      .map(({ path, detail }) => ({ offset: findOffset(document, path), field: fieldFromPath(path), detail })),
  );
}

function list(total: number, first: readonly Located[], lines: LineCounter): readonly FileFault[] {
  const listed = first
    .map(({ offset, field, detail }) => ({
      line: lines.linePos(offset ?? 0).line || 1,
      field: field.slice(0, faultTextMaxLength),
      detail: detail.slice(0, faultTextMaxLength),
    }))
    .toSorted((a, b) => a.line - b.line);
  const more = total - listed.length;
  return more > 0
    ? [...listed, { line: listed.at(-1)?.line ?? 1, field: '', detail: `and ${more} more faults` }]
    : listed;
}

/** Finds keys that a map has twice. The check of the YAML library compares each key with all keys before it. */
function findRepeatedKeys(document: Document): { offset: number | undefined; detail: string }[] {
  const found: { offset: number | undefined; detail: string }[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found.push({ offset: key.range?.[0], detail: 'Map keys must be unique' });
        seen.add(key.value);
      }
    },
  });
  return found;
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
