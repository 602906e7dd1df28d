import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The coturn that tests start: that of the PATH, or what TURNSERVER names, such as a newer one. */
export function turnserverProgram(): string {
  return process.env['TURNSERVER'] ?? 'turnserver';
}

/** Whether that coturn can drain, on SIGUSR1: since 4.6.3; others end at once. */
export async function canTurnserverDrain(): Promise<boolean> {
  const { stdout } = await promisify(execFile)(turnserverProgram(), ['--version']);
  const [major = 0, minor = 0, patch = 0] = /\d+\.\d+\.\d+/.exec(stdout)?.[0].split('.').map(Number) ?? [];
  return major > 4 || (major === 4 && (minor > 6 || (minor === 6 && patch >= 3)));
}
