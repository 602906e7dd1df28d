import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOfFile } from './faults-of-file.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Folders of other people's files, of built files, and this package, which quotes the riddles. */
const skipped = /(?:^|\/)(?:node_modules|dist|\.git|\.turbo|packages\/plain-language\/src)$/;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.test(path) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

let faultCount = 0;
for (const path of filesBelow(root)) {
  if (path.endsWith('pnpm-lock.yaml')) continue;
  const name = relative(root, path);
  for (const { line, problem } of faultsOfFile(name, readFileSync(path, 'utf8'))) {
    process.stdout.write(`${name}:${line}: ${problem}\n`);
    faultCount += 1;
  }
}
if (faultCount > 0) {
  process.stdout.write(`${faultCount} places are hard to read; packages/plain-language/README.md says what to do\n`);
  process.exitCode = 1;
}
