import type { Transport } from '@turn-router/contract/http';
import type { ProbedHosts } from '@turn-router/settings';

/** Which TURN server is probed, and how. */
export type ProbeTarget = {
  readonly hosts: ProbedHosts;
  readonly ports: Readonly<Partial<Record<Transport, number>>>;
  /** The name that the certificate must carry, where TLS is probed. */
  readonly serverName: string | undefined;
  /** The realm that it must have; undefined: any. */
  readonly realm: string | undefined;
  /** What a full proof is: a datagram relayed to itself and back, or an allocation alone. */
  readonly proof: 'relay' | 'allocation';
  /** Between two full proofs of a path that works, ms; a Binding is asked for in between. */
  readonly proofIntervalMs: number;
  /** Full proofs in a row before a Binding will do. */
  readonly proofsInRow: number;
  readonly timeoutMs: number;
};
