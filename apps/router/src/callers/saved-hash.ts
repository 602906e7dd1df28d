import { join } from 'node:path';
import {
  createTransientHash,
  openDurableHash,
  type DurableHash,
  type DurableHashOptions,
  type SnapshotFault,
  type StoredHash,
} from '@turn-router/registry';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { World } from '../world.ts';

/** A small hash in STATE_DIR. It is used at a start while its source is unreachable. */
export interface SavedHash extends DurableHash {
  /** The content at the start; undefined if there was none, or if it may lack entries. */
  readonly restored: StoredHash | undefined;
}

export type SavedHashOptions = Pick<DurableHashOptions, 'isUnsafe'> & {
  readonly name: 'api-keys' | 'revocations' | 'policy-in-force' | 'jwks' | `jwks-${string}`;
  /** Undefined: nothing is stored. */
  readonly stateDir: string | undefined;
  /** Whether this process writes the files. If there are several processes, one writes the files and all read them. */
  readonly writes: boolean;
  /** Called when writes begin to fail. */
  readonly onFault: (fault: SnapshotFault) => void;
  /** Called at the start if the files are unusable or outdated. */
  readonly onIncomplete: (fault: SnapshotFault) => void;
  readonly onComplete?: () => void;
};

/** What a log line says about a file that is unusable. */
export function fieldsOfFault({ code, detail, path }: SnapshotFault): Readonly<Record<string, string>> {
  return {
    fault: code,
    detail,
    ...(path === undefined ? {} : { file: path }),
    ...(code === 'no_permission' ? { remedy: 'make the user of the router the owner of this file' } : {}),
  };
}

export type SavedHashParts = Pick<World, 'nowMs' | 'monotonicNowMs'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'useUnsaved'>;
};

export async function openSavedHash(
  { name, stateDir, writes, isUnsafe, onFault, onIncomplete, onComplete }: SavedHashOptions,
  { logger, metrics, nowMs, monotonicNowMs }: SavedHashParts,
): Promise<SavedHash> {
  if (stateDir === undefined) return { ...createTransientHash(), restored: undefined };
  if (writes) metrics.useUnsaved(name, false);
  const hash = await openDurableHash(
    join(stateDir, `${name}.json`),
    {
      onUnsaved: (isUnsaved) => metrics.useUnsaved(name, isUnsaved),
      onSaveFailed: onFault,
      onSaveRecovered: () =>
        logger.info({ event: 'state.file_saved', file: name }, 'the file can be written to STATE_DIR again'),
      onSetAside: (savedAs, { code, detail }) =>
        logger.warn(
          { event: 'state.file_set_aside', file: name, savedAs, fault: code, detail },
          'renamed a damaged file in STATE_DIR, so that it is not overwritten',
        ),
      onIncomplete,
      onComplete: () => onComplete?.(),
      onAbandoned: () =>
        logger.error(
          { event: 'state.change_abandoned', file: name },
          'stopping with changes that could not be written to STATE_DIR',
        ),
    },
    { writes, nowMs, monotonicNowMs, ...(isUnsafe === undefined ? {} : { isUnsafe }) },
  );
  return { ...hash, restored: hash.isComplete() ? hash.content() : undefined };
}
