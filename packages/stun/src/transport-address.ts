/** A client address as the server sees it, a relayed address, or a peer address. `address` is canonical text, without brackets and zone. */
export type TransportAddress = { readonly address: string; readonly port: number; readonly family: AddressFamily };

export type AddressFamily = 'IPv4' | 'IPv6';
