import { readFile, stat } from 'node:fs/promises';
import { parseYaml } from '@turn-router/settings';
import { z } from 'zod';
import { CommandFault } from '../command-fault.ts';
import { systemReason } from '../system-reason.ts';

/** Maximum file size, bytes, as for the copies in STATE_DIR. */
const fileMaxBytes = 67_108_864;

const entriesSchema = z.record(z.string(), z.unknown());

/** In a copy of STATE_DIR and in the hash in Redis, this entry is a mark and no record. */
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
  if (json.success) return json.data;
  const yaml = parseYaml(text, entriesSchema);
  if (yaml.ok) return yaml.value;
  throw new CommandFault(yaml.faults.map(({ line, detail }) => `${path}:${line}: ${detail}`).join('\n'));
}

/** Returns undefined for a text that is not JSON. It may be YAML. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
