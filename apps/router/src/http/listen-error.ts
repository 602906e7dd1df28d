/** A listener that cannot bind its address. The message names the setting and the remedy. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** The system's code, such as `EADDRINUSE`. */
  readonly code: string;

  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A listener and the settings of its address. */
export type ListenerSettings = { readonly listener: string; readonly host: string; readonly port: string };

export const publicSettings: ListenerSettings = { listener: 'public', host: 'HOST', port: 'PORT' };
export const adminSettings: ListenerSettings = { listener: 'admin', host: 'ADMIN_HOST', port: 'ADMIN_PORT' };
export const peerSettings: ListenerSettings = { listener: 'peer', host: 'PEER_HOST', port: 'PEER_PORT' };

/**
 * Waits for a listener.
 *
 * @throws ListenError, or any other error as it is
 */
export async function explainListenError<Listener>(
  listening: Promise<Listener>,
  { host, port }: { readonly host: string | undefined; readonly port: number },
  settings: ListenerSettings,
): Promise<Listener> {
  try {
    return await listening;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const explain = explanations[code];
    if (explain === undefined) throw error;
    throw new ListenError(explain({ address: host ?? 'any address', port, settings }), code, error);
  }
}

type Failure = { readonly address: string; readonly port: number; readonly settings: ListenerSettings };

const explanations: Readonly<Record<string, ((failure: Failure) => string) | undefined>> = {
  EADDRINUSE: ({ port, settings }) =>
    `${settings.port}: another program uses port ${port}, which the ${settings.listener} listener needs: end that program, or set ${settings.port} to a free port`,
  EACCES: ({ port, settings }) =>
    `${settings.port}: the system does not allow port ${port} for the ${settings.listener} listener: set ${settings.port} to a port above 1023, or give the program the capability CAP_NET_BIND_SERVICE`,
  EADDRNOTAVAIL: ({ address, settings }) =>
    `${settings.host}: this machine does not have the address ${address}: set ${settings.host} to an address of this machine`,
  ENOTFOUND: ({ address, settings }) =>
    `${settings.host}: the name ${address} has no address: set ${settings.host} to an address of this machine`,
};
