/** A TURN server as its node's settings describe it: what both kinds of configuration are written from. */
export type TurnServerSettings = {
  /** Addresses of this host that callers and the reporter come in by; the same one never twice. */
  readonly listenAddresses: readonly string[];
  /** What peers send to, and the address of this host behind it: two addresses where a NAT stands between them. */
  readonly relays: readonly { readonly publicAddress: string; readonly address: string }[];
  readonly port: number;
  /** Both ends included. */
  readonly relayPorts: { readonly min: number; readonly max: number };
  readonly tls: { readonly port: number; readonly certificate: string; readonly privateKey: string } | undefined;
  readonly realm: string;
  /** The CLI of a coturn, on 127.0.0.1; undefined: none. */
  readonly cli: { readonly port: number; readonly password: string } | undefined;
  /** Newest first; undefined where they are not to be written. */
  readonly secrets: readonly { readonly id: string; readonly secret: string }[] | undefined;
};
