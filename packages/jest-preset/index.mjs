/**
 * Jest settings shared by every package: TypeScript through swc, native ES modules (several dependencies have no other form).
 * Leaves `dist` alone, so that a build beside a test run changes nothing.
 *
 * @type {import('jest').Config}
 */
export default {
  rootDir: process.cwd(),
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  setupFiles: [new URL('symbols.mjs', import.meta.url).pathname],
  transform: {
    '^.+\\.ts$': [
      import.meta.resolve('@swc/jest').replace('file://', ''),
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Not in the system's temporary folder: that of a run is removed at its end.
  cacheDirectory: new URL('node_modules/.cache/jest', import.meta.url).pathname,
  reporters: ['default', new URL('running-suite.mjs', import.meta.url).pathname],
  testTimeout: 20_000,
  // Suites start servers, and some count what those do on the machine.
  maxWorkers: 1,
};
