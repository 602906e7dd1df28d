import { settings, type Setting } from './settings.ts';

const heading = `Usage: node apps/health-reporter/dist/main.js [--help | --version]

Reports the health and load of one TURN node to the registry. All settings come from the environment;
one whose name ends in _FILE reads the value of a secret from a file.

Settings:
`;

/** What --help prints: every setting with its default and meaning. */
export function usage(): string {
  return heading + Object.entries<Setting>(settings).map(describe).join('');
}

function describe([name, { meaning, expected, required, secret, ...rest }]: [string, Setting]): string {
  const title = secret ? `${name}, ${name}_FILE` : name;
  const presence = required ? 'required' : rest.default === undefined ? 'no default' : `default ${rest.default}`;
  return `  ${title} (${presence})\n      ${meaning}.\n      Expected: ${expected}.\n`;
}
