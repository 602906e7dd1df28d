import { parseSync, type Comment, type Node, type Program } from 'oxc-parser';

/**
 * Parses a TypeScript or JavaScript file.
 *
 * @param path decides how the source is parsed, and stands in the error
 * @throws {Error} when the source cannot be parsed
 */
export function parseSource(
  path: string,
  source: string,
): { readonly program: Program; readonly comments: readonly Comment[] } {
  const { program, comments, errors } = parseSync(path, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  return { program, comments };
}

/** Calls `see` for a node, and then for all nodes below it, in the order of the source. */
export function walk(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const child of Object.values(node).flat()) if (isNode(child)) walk(child, see);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
