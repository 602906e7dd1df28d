import type { SingleTarget } from '@turn-router/registry';

/** The settings of a TURN server. The configurations of coturn and eturnal are written from these settings. */
export type TurnServerSettings = {
  /** Addresses of this host to which callers and the reporter connect, without duplicates. */
  readonly listenAddresses: readonly string[];
  /** The public address to which peers send, and the address of this host. They differ behind a NAT. */
  readonly relays: readonly { readonly publicAddress: string; readonly address: string }[];
  readonly port: number;
  /** Both ports are included in the range. */
  readonly relayPorts: { readonly min: number; readonly max: number };
  readonly tls: { readonly port: number; readonly certificate: string; readonly privateKey: string } | undefined;
  readonly realm: string;
  /** coturn's CLI on 127.0.0.1. Undefined: off. */
  readonly cli: { readonly port: number; readonly password: string } | undefined;
  /** The Redis from which coturn reads its secrets. Undefined: the secrets are in the configuration. */
  readonly userdb: SingleTarget | undefined;
  /** Newest first. Undefined: the configuration is written without secrets. */
  readonly secrets: readonly { readonly id: string; readonly secret: string }[] | undefined;
};
