import { open, truncate, writeFile } from 'node:fs/promises';
import { putWhole } from './hostile-files.ts';

/**
 * Damages a policy file once, as a careless tool, a full disk or an ended process does. Returns a name of what it did.
 *
 * @param texts valid policies; the last of them is written whole now and then
 * @param random uniform in [0, 1)
 */
export async function damageFile(path: string, texts: readonly string[], random: () => number): Promise<string> {
  const text = texts[Math.floor(random() * texts.length)] ?? '';
  const length = Math.floor(random() * (text.length + 1));
  const start = Math.floor(random() * (text.length + 1));
  const kind = random();
  if (kind < 0.3) {
    await writeFile(path, text.slice(0, length));
    return `cut after ${length} characters`;
  }
  if (kind < 0.5) {
    await writeFile(path, text);
    await truncate(path, length);
    return `truncated to ${length} bytes`;
  }
  if (kind < 0.75) {
    await writeOver(path, 0, text.slice(0, length));
    return `first ${length} characters written over`;
  }
  if (kind < 0.95) {
    await writeOver(path, start, text.slice(start, start + length));
    return `${length} characters written over from ${start}`;
  }
  await putWhole(path, text);
  return 'whole policy';
}

/** Writes at a position, and leaves the text after it in place. */
async function writeOver(path: string, position: number, text: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(text, position);
}
