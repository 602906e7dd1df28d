/**
 * pnpm 10, which installs, has no `sbom`, and asks the registry for advisories at an address that is switched off. A newer one does both,
 * from the same lockfile.
 *
 * @type {readonly [command: string, ...args: string[]]}
 */
export const newerPnpm = ['npx', '-y', 'pnpm@12.21.0', '--config.pm-on-fail=ignore'];
