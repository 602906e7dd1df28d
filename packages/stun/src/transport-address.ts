/** Where the server saw a packet come from, or relays from. `address` is canonical text, without brackets or zone. */
export type TransportAddress = { readonly address: string; readonly port: number; readonly family: AddressFamily };

export type AddressFamily = 'IPv4' | 'IPv6';
