import { nodeIdSchema } from '@turn-router/contract/registry';

/** Explains an invalid node id or region name by the nearest valid one: `Turn-1.example.org` → `turn-1-example-org`. */
export function explainName(text: string): string | undefined {
  const name = text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 63);
  return nodeIdSchema.safeParse(name).success ? `Write, for example, ${name}` : undefined;
}
