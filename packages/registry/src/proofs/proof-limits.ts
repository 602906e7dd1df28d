import { recordsMax } from '../nodes/node-registry.ts';

/** The largest number of proofs for each possible record. A node has three probers, and up to 15 more while it is suspected. */
export const proofsPerRecord = 4;

/** The largest number of proofs in one reading. */
export const proofsMax = proofsPerRecord * recordsMax;

/**
 * The largest number of proofs by one prober. A prober probes at most 32 nodes in a round, and a proof lives for three rounds. Without this limit,
 * a stolen credential of one prober could fill the registry, and so push out the proofs of all others.
 */
export const proofsOfProberMax = 256;
