import { RegistryError, type HashFeedEvents, type HashStore } from '@turn-router/registry';

export type LossWatchParts = {
  /** The store of the hash. Undefined: the entries are in a file, which cannot be lost. */
  readonly store: Pick<HashStore, 'reportHeld'> | undefined;
  /** Shows in the metrics whether the hash is lost. */
  readonly show: (isLost: boolean) => void;
  readonly onLost: () => void;
  readonly onReturned: () => void;
  /** Called once for each loss. turnctl then cannot know that this router holds the entries. */
  readonly onUnreported: (error: RegistryError) => void;
};

export type LossWatch = {
  readonly events: Pick<Required<HashFeedEvents<never>>, 'onMissing' | 'onReturned'>;
  readonly reportHeld: (entries: number) => Promise<void>;
};

/** Says that a hash is lost, in log, metrics and Redis, so that nobody replaces it by mistake while this router holds its entries. */
export function watchLoss({ store, show, onLost, onReturned, onUnreported }: LossWatchParts): LossWatch {
  let isUnreported = false;
  show(false);
  return {
    events: {
      onMissing() {
        isUnreported = false;
        show(true);
        onLost();
      },
      onReturned() {
        show(false);
        onReturned();
      },
    },
    async reportHeld(entries) {
      try {
        await store?.reportHeld(entries);
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        if (!isUnreported) onUnreported(error);
        isUnreported = true;
      }
    },
  };
}
