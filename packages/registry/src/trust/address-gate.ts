import { nodeNameFromKey, redisKeyFromNodeKey, type NodeKey } from '@turn-router/contract/registry';
import type { FollowedReading, NodeRecord, RejectedRecord } from '../nodes/node-registry.ts';
import { findAddressFault, type AddressRules } from './address-rules.ts';

type Changes = Pick<FollowedReading, 'changed' | 'gone'>;

export type GatedChanges = Changes & {
  /** Known nodes that are now refused. */
  readonly refused: readonly NodeKey[];
};

/** Refuses records that name addresses or ports which callers must not get. */
export interface AddressGate {
  /**
   * Takes the changes of a reading. If the rules have changed, it judges all records again.
   *
   * @param known the records that passed earlier
   */
  readonly take: (changes: Changes, known: Iterable<NodeRecord>) => GatedChanges;
  /** The records that are refused now. */
  readonly rejected: () => readonly RejectedRecord[];
}

export function createAddressGate(rules: () => AddressRules, isLoopbackAllowed: boolean): AddressGate {
  const held = new Map<string, { readonly record: NodeRecord; readonly rejection: RejectedRecord }>();
  let used: AddressRules | undefined;

  /** Holds a record that is refused. @returns whether it is */
  function hold(record: NodeRecord, by: AddressRules): boolean {
    const name = nodeNameFromKey(record.key);
    const fault = findAddressFault(record.report, by, isLoopbackAllowed);
    if (fault === undefined) held.delete(name);
    else held.set(name, { record, rejection: { name: redisKeyFromNodeKey(record.key), ...fault } });
    return fault !== undefined;
  }

  return {
    take({ changed, gone }, known) {
      const now = rules();
      const isNew = used !== undefined && used !== now;
      used = now;
      for (const key of gone) held.delete(nodeNameFromKey(key));
      const again = isNew ? [...held.values()].map(({ record }) => record) : [];
      const changedNames = new Set(changed.map(({ key }) => nodeNameFromKey(key)));
      const judged = [...again.filter(({ key }) => !changedNames.has(nodeNameFromKey(key))), ...changed];
      const refused: NodeKey[] = [];
      if (isNew) for (const record of known) if (hold(record, now)) refused.push(record.key);
      const passed: NodeRecord[] = [];
      for (const record of judged) {
        if (hold(record, now)) refused.push(record.key);
        else passed.push(record);
      }
      return { changed: passed, gone, refused };
    },
    rejected: () => [...held.values()].map(({ rejection }) => rejection),
  };
}
