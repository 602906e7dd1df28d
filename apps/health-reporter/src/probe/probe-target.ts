import type { Transport } from '@turn-router/contract/http';
import type { ProbedHosts } from '@turn-router/settings';

/** The TURN server to probe, and the settings of the probes. */
export type ProbeTarget = {
  readonly hosts: ProbedHosts;
  readonly ports: Readonly<Partial<Record<Transport, number>>>;
  /** The name that the certificate must contain if TLS is probed. */
  readonly serverName: string | undefined;
  /** The realm that the server must have; undefined: any. */
  readonly realm: string | undefined;
  /** The kind of full proof: a datagram through the relay to the relay's own address and back, or only an allocation. */
  readonly proof: 'relay' | 'allocation';
  /** The interval between two full proofs of a working path, ms. Probes in between send a Binding. */
  readonly proofIntervalMs: number;
  /** The number of full proofs in a row after which a Binding is enough. */
  readonly proofsInRow: number;
  readonly timeoutMs: number;
};
