import type { IceServersAnswer } from '@turn-router/contract/http';

export type TurnEntry = { readonly url: string; readonly username: string; readonly credential: string };

/** Returns the TURN entries of an answer, one per node. `url` is the first URL of the entry. */
export function turnEntries({ iceServers }: IceServersAnswer): TurnEntry[] {
  return iceServers.flatMap(({ urls: [url = ''], username, credential }) =>
    username === undefined || credential === undefined ? [] : [{ url, username, credential }],
  );
}

/** Returns the port in `turn:<host>:<port>?transport=udp`. */
export function portOf({ url }: TurnEntry): number {
  return Number(/:(\d+)\?/.exec(url)?.[1]);
}
