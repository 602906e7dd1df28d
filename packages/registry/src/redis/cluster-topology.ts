/** A part of the slots: who writes it, and who has copies. `host:port` each. */
export type ShardAddresses = { readonly primary: string; readonly replicas: readonly string[] };

/**
 * The shards of a cluster, by its slots.
 *
 * @param slots for each slot its primary, then its replicas; absent for one that nobody serves
 * @returns undefined when not every slot is served
 */
export function shardsFromSlots(slots: readonly (readonly string[] | undefined)[]): ShardAddresses[] | undefined {
  const shards = new Map<string, ShardAddresses>();
  for (let slot = 0; slot < slotCount; slot += 1) {
    const [primary, ...replicas] = slots[slot] ?? [];
    if (primary === undefined) return undefined;
    if (!shards.has(primary)) shards.set(primary, { primary, replicas });
  }
  return [...shards.values()];
}

/** https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec, key distribution model */
const slotCount = 16_384;
