import { hostname, userInfo } from 'node:os';

/** Returns user and host of this process: `kim@ops-1`. In a container, the user may have only a number and no name. */
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
