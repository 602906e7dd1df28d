import { fileURLToPath } from 'node:url';

/** Returns the path of the entry point of a built app. */
export function builtApp(name: 'router' | 'health-reporter' | 'turnctl'): string {
  return fileURLToPath(new URL(`../../../../apps/${name}/dist/main.js`, import.meta.url));
}
