import type { IceServersAnswer } from '@turn-router/contract/http';

export type TurnEntry = { readonly url: string; readonly username: string; readonly credential: string };

/** The entries of an answer that relays may be had by, one of each node; `url` is the first of its URLs. */
export function turnEntries({ iceServers }: IceServersAnswer): TurnEntry[] {
  return iceServers.flatMap(({ urls: [url = ''], username, credential }) =>
    username === undefined || credential === undefined ? [] : [{ url, username, credential }],
  );
}

/** The port in `turn:<host>:<port>?transport=udp`. */
export function portOf({ url }: TurnEntry): number {
  return Number(/:(\d+)\?/.exec(url)?.[1]);
}
