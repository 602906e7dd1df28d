import { fileURLToPath } from 'node:url';

/** Where the entry point of an app is after a build. */
export function builtApp(name: 'router' | 'health-reporter' | 'turnctl'): string {
  return fileURLToPath(new URL(`../../../../apps/${name}/dist/main.js`, import.meta.url));
}
