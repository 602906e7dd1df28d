/**
 * A newer pnpm for `sbom` and `audit`; it reads the same lockfile. pnpm 10, which installs, lacks `sbom`, and its `audit` uses a registry
 * address that no longer exists.
 *
 * @type {readonly [command: string, ...args: string[]]}
 */
export const newerPnpm = ['npx', '-y', 'pnpm@12.21.0', '--config.pm-on-fail=ignore'];
