import { readFile, stat } from 'node:fs/promises';
import { parseHashText } from '@turn-router/registry';
import { parseYaml } from '@turn-router/settings';
import { z } from 'zod';
import { CommandFault } from '../command-fault.ts';
import { systemReason } from '../system-reason.ts';

/** Maximum file size, bytes, as for the copies in STATE_DIR. */
const fileMaxBytes = 67_108_864;

const entriesSchema = z.record(z.string(), z.unknown());

/** In a copy of STATE_DIR and in the hash in Redis, this entry is a mark and no record. A copy's mark holds a checksum. */
const markName = '#';

/**
 * Reads entries (name → record) from a router's copy in STATE_DIR, from the output of "list -o json", or from an API_KEYS_FILE.
 *
 * @throws CommandFault if the file cannot be read, or is not a map of names to records
 */
export async function readImportFile(path: string): Promise<ReadonlyMap<string, unknown>> {
  const entries = new Map(Object.entries(parse(path, await readText(path))));
  entries.delete(markName);
  return entries;
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= fileMaxBytes) return await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandFault(`${path}: cannot be read: ${systemReason(error)}`);
  }
  throw new CommandFault(`${path}: too large: expected at most ${fileMaxBytes} bytes`);
}

function parse(path: string, text: string): Record<string, unknown> {
  const json = entriesSchema.safeParse(parsedJson(text));
  if (json.success) return undamaged(path, text, json.data);
  const yaml = parseYaml(text, entriesSchema);
  if (yaml.ok) return yaml.value;
  throw new CommandFault(yaml.faults.map(({ line, detail }) => `${path}:${line}: ${detail}`).join('\n'));
}

/** @throws CommandFault if a copy of STATE_DIR has changed since the router wrote it */
function undamaged(path: string, text: string, entries: Record<string, unknown>): Record<string, unknown> {
  const copy = entries[markName] === undefined ? undefined : parseHashText(text);
  if (copy === undefined || copy.ok) return entries;
  throw new CommandFault(
    `${path}: ${copy.fault.detail}: import the other copy (${path}.copy), or remove the entry "${markName}" if you have edited the file`,
  );
}

/** Returns undefined for a text that is not JSON. It may be YAML. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
