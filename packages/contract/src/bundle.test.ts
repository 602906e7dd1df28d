import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';

type Bundle = { readonly text: string; readonly libraries: readonly string[] };

/** What a browser would get of a program that imports the built package, as others import it. */
async function bundle(program: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, loader: 'ts', resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    treeShaking: true,
    write: false,
    metafile: true,
  });
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const libraries = parts
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
    .filter((name) => name !== undefined);
  return { text: outputFiles.map(({ text }) => text).join(''), libraries: [...new Set(libraries)].toSorted() };
}

describe('in a browser', () => {
  test('an SDK that imports problems and types gets neither zod nor yaml nor Buffer', async () => {
    const { text, libraries } = await bundle(`
      import { problems, type IceServersAnswer, type IceServersRequest, type Problem } from '@turn-router/contract/http';

      export async function ask(url: string, request: IceServersRequest): Promise<IceServersAnswer> {
        const answer = await fetch(url, { method: 'POST', body: JSON.stringify(request) });
        if (answer.ok) return (await answer.json()) as IceServersAnswer;
        const { code } = (await answer.json()) as Problem;
        throw new Error(Object.entries(problems).find(([known]) => known === code)?.[1].title);
      }
    `);
    expect(text).toContain('Too many requests');
    expect(libraries).toEqual([]);
    expect(text).not.toMatch(/\b(zod|yaml|Buffer)\b/i);
  });

  test.each([
    ['http', ['zod']],
    ['admin', ['ipaddr.js', 'zod']],
    ['registry', ['ipaddr.js', 'zod']],
    ['policy', ['zod']],
  ])('everything of the door %s stands on %j alone, and asks for no Buffer', async (door, expected) => {
    const { text, libraries } = await bundle(`
      import * as door from '@turn-router/contract/${door}';
      console.log(door);
    `);
    expect(libraries).toEqual(expected);
    expect(text).not.toMatch(/\bBuffer\b/);
  });
});
