/** The source address of a packet as the server saw it, or a relayed address. `address` is canonical text, without brackets or zone. */
export type TransportAddress = { readonly address: string; readonly port: number; readonly family: AddressFamily };

export type AddressFamily = 'IPv4' | 'IPv6';
