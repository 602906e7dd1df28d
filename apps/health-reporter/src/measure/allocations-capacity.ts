import type { PortRange } from './parse-relay-sockets.ts';

/** A socket to the caller and one to its peers; coturn itself reckons so. */
const filesPerAllocation = 2;

/**
 * Allocations that the server can hold: one for each relay port, and no more than its file descriptors allow where those are known. Ports
 * of one address family count once, since callers relay by IPv4 nearly always.
 */
export function allocationsCapacity({ min, max }: PortRange, files: { readonly limit: number } | undefined): number {
  const ports = max - min + 1;
  return files === undefined ? ports : Math.min(ports, Math.floor(files.limit / filesPerAllocation));
}
