import { readFile } from 'node:fs/promises';

/** The network of a process: its network namespace. */
export type Network = { readonly pid: number };

/** Returns the start of a command line that runs a program in the network. Needs root. */
export function enterNetwork({ pid }: Network): string[] {
  return ['nsenter', '--target', String(pid), '--net', '--'];
}

/** Whether a program in the network has bound the UDP port, of IPv4 or IPv6. */
export async function isUdpPortOpen({ pid }: Network, port: number): Promise<boolean> {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(['udp', 'udp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')));
  return tables.some((table) => new RegExp(`^ *\\d+: [0-9A-F]+:${hexadecimal} `, 'm').test(table));
}
