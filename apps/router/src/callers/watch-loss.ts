import { RegistryError, type HashFeedEvents, type HashStore } from '@turn-router/registry';

export type LossWatchParts = {
  /** The store of the hash. Undefined: the entries are in a file, which cannot be lost. */
  readonly store: Pick<HashStore, 'reportHeld' | 'mayReportHeld'> | undefined;
  /** Shows in the metrics whether the hash is lost. */
  readonly show: (isLost: boolean) => void;
  readonly onLost: () => void;
  readonly onReturned: () => void;
  /** Called once if Redis does not permit to report a loss. */
  readonly onForbidden: () => void;
  /** Called once for each loss. turnctl then cannot know that this router holds the entries. */
  readonly onUnreported: (error: RegistryError) => void;
};

export type LossWatch = {
  readonly events: Pick<Required<HashFeedEvents<never>>, 'onMissing' | 'onReturned'>;
  readonly reportHeld: (entries: number) => Promise<void>;
  /** Checks once whether Redis permits to report a loss. While Redis is unreachable, the next call tries again. Never rejects. */
  readonly checkPermission: () => Promise<void>;
};

/** Says that a hash is lost, in log, metrics and Redis, so that nobody replaces it by mistake while this router holds its entries. */
export function watchLoss({ store, show, onLost, onReturned, onForbidden, onUnreported }: LossWatchParts): LossWatch {
  let isUnreported = false;
  let isChecked = store === undefined;
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
    async checkPermission() {
      if (isChecked) return;
      try {
        const isPermitted = await store?.mayReportHeld();
        isChecked = true;
        if (isPermitted === false) onForbidden();
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
      }
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
