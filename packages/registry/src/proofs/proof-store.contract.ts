import { describe, expect, test } from '@jest/globals';
import type { NodeProof } from '@turn-router/contract/registry';
import { proofsOfProberMax } from './proof-limits.ts';
import type { ProofStore } from './proof-store.ts';

export type ProofStoreUnderTest = AsyncDisposable & {
  proofs: ProofStore;
  /** Advances the store's time, ms. */
  elapse(milliseconds: number): Promise<void>;
};

const frankfurt = { region: 'eu-central-1', id: 'node-01' };
const virginia = { region: 'us-east-1', id: 'node-01' };
const mumbai = { region: 'ap-south-1', id: 'node-01' };
const proof: NodeProof = {
  paths: [
    { transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs: 90.25 },
    { transport: 'tls', family: 'ipv6', port: 443, ok: false, reason: 'timeout' },
  ],
  at: 1,
};
const longMs = 60_000;

/** Tests any ProofStore. */
export function describeProofStore(name: string, open: () => Promise<ProofStoreUnderTest>): void {
  describe(`${name}, as a store of proofs`, () => {
    test('is empty at first', async () => {
      await using subject = await open();
      expect(await subject.proofs.readAllProofs()).toEqual({ proofs: [], invalid: 0, leftOut: 0 });
      expect(await subject.proofs.readProofs([])).toEqual([]);
      expect(await subject.proofs.readProofs([{ target: frankfurt, prober: virginia }])).toEqual([undefined]);
    });

    test('returns each proof under its target and its prober', async () => {
      await using subject = await open();
      const keys = [
        { target: frankfurt, prober: virginia },
        { target: virginia, prober: frankfurt },
        { target: frankfurt, prober: mumbai },
      ];
      for (const [at, key] of keys.entries()) await subject.proofs.putProof(key, { ...proof, at }, longMs);
      const { proofs, ...counts } = await subject.proofs.readAllProofs();
      expect(counts).toEqual({ invalid: 0, leftOut: 0 });
      expect(proofs.toSorted((a, b) => a.proof.at - b.proof.at)).toEqual(
        keys.map((key, at) => ({ ...key, proof: { ...proof, at } })),
      );
    });

    test('reads chosen proofs in the order of the keys, and undefined for a missing one', async () => {
      await using subject = await open();
      const probers = Array.from({ length: 40 }, (_, index) => ({ region: 'eu-central-1', id: `prober-${index}` }));
      await Promise.all(
        probers.map((prober, at) => subject.proofs.putProof({ target: frankfurt, prober }, { ...proof, at }, longMs)),
      );
      const wanted = [...probers.toReversed(), mumbai].map((prober) => ({ target: frankfurt, prober }));
      const read = await subject.proofs.readProofs(wanted);
      expect(read.map((each) => each?.at)).toEqual([...[...probers.keys()].toReversed(), undefined]);
    });

    test('replaces a proof by the next one of the same prober', async () => {
      await using subject = await open();
      const key = { target: frankfurt, prober: virginia };
      await subject.proofs.putProof(key, proof, longMs);
      await subject.proofs.putProof(key, { paths: [], at: 2 }, longMs);
      expect((await subject.proofs.readAllProofs()).proofs).toEqual([{ ...key, proof: { paths: [], at: 2 } }]);
    });

    test('drops a proof whose TTL has ended, unless it was written again', async () => {
      await using subject = await open();
      const [old, fresh] = [
        { target: frankfurt, prober: virginia },
        { target: frankfurt, prober: mumbai },
      ];
      await subject.proofs.putProof(old, proof, 300);
      await subject.proofs.putProof(fresh, proof, 300);
      await subject.proofs.putProof(fresh, proof, longMs);
      await subject.elapse(301);
      expect((await subject.proofs.readAllProofs()).proofs).toEqual([{ ...fresh, proof }]);
      expect(await subject.proofs.readProofs([old, fresh])).toEqual([undefined, proof]);
    });

    test('returns at most 256 proofs of one prober, and all proofs of the others', async () => {
      await using subject = await open();
      const count = proofsOfProberMax + 10;
      const written = await Promise.allSettled(
        Array.from({ length: count }, (_, index) =>
          subject.proofs.putProof({ target: { region: '0', id: `n${index}` }, prober: virginia }, proof, longMs),
        ),
      );
      await subject.proofs.putProof({ target: virginia, prober: frankfurt }, proof, longMs);
      const { proofs, leftOut } = await subject.proofs.readAllProofs();
      expect(proofs.filter(({ prober }) => prober.region === virginia.region)).toHaveLength(proofsOfProberMax);
      expect(proofs).toContainEqual({ target: virginia, prober: frankfurt, proof });
      // The embedded store refuses the others. A reading of Redis leaves them out.
      expect(leftOut + written.filter(({ status }) => status === 'rejected').length).toBe(10);
    });
  });
}
