import { hostname, userInfo } from 'node:os';

/** Who runs this process, and where: `kim@ops-1`. In a container the user may have a number and no name. */
export function osUser(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `${process.getuid?.() ?? 'somebody'}`;
  }
}
