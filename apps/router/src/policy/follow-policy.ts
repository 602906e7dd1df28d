import type { Policy } from '@turn-router/contract/policy';
import { parsePolicy } from '@turn-router/settings';
import { PolicySourceError, type PolicySource, type PolicyVersion } from '@turn-router/registry';

/** The policy is unusable. The message has one line per fault. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  /** SHA-256 of the text, lower-case hex; undefined if the text could not be read. */
  readonly sha256: string | undefined;

  constructor(message: string, { sha256, ...options }: ErrorOptions & { sha256?: string } = {}) {
    super(message, options);
    this.sha256 = sha256;
  }
}

/** A policy, and its version. */
export type ReadPolicy = Pick<PolicyVersion, 'version' | 'sha256'> & { readonly policy: Policy };

export type PolicyEvents = {
  readonly onPolicy: (read: ReadPolicy) => void;
  /** Called for an unusable policy. The router keeps using the previous policy. */
  readonly onRefused: (error: PolicyError) => void;
};

/** @throws PolicyError */
export async function readPolicy(source: Pick<PolicySource, 'place' | 'current'>): Promise<ReadPolicy> {
  const { version, text, sha256 } = await currentOf(source);
  const parsed = parsePolicy(text);
  if (parsed.ok) return { policy: parsed.policy, version, sha256 };
  const lines = parsed.faults.map(
    ({ line, field, detail }) => `${source.place}:${line}: ${field === '' ? '' : `${field}: `}${detail}`,
  );
  throw new PolicyError(lines.join('\n'), { sha256 });
}

/** A watch of the policy. `firstReading` settles when the changes from before the watch have been reported. */
export interface PolicyWatch extends Disposable {
  readonly firstReading: Promise<void>;
  /** Reads the policy now. Settles when a changed policy has been reported or refused. */
  readonly readNow: () => Promise<void>;
}

/**
 * Reads the policy again whenever it may have changed. Two reads never run at the same time. The first read starts at once.
 *
 * @param inForce the policy that was read before. The first read is reported only if its version differs
 */
export function watchPolicy(
  source: PolicySource,
  inForce: Pick<ReadPolicy, 'version'>,
  events: PolicyEvents,
): PolicyWatch {
  /** The message of a failed first read. The source may report the same failure again at once. */
  let refusedFirst: string | undefined;
  let newest = inForce.version;
  /** The version that `readNow` has reported. The source reports the same change soon after. */
  let readOnRequest: number | undefined;
  function report(read: ReadPolicy): void {
    newest = read.version;
    events.onPolicy(read);
  }
  async function readFirst(): Promise<void> {
    try {
      const read = await readPolicy(source);
      if (read.version !== inForce.version) report(read);
    } catch (error) {
      refusedFirst = refuse(error).message;
    }
  }
  async function readAgain(): Promise<void> {
    const refusedBefore = refusedFirst;
    refusedFirst = undefined;
    try {
      const read = await readPolicy(source);
      if (read.version !== readOnRequest) report(read);
    } catch (error) {
      if (!(error instanceof PolicyError) || error.message !== refusedBefore) refuse(error);
    }
  }
  async function readIfChanged(): Promise<void> {
    try {
      const read = await readPolicy(source);
      if (read.version === newest) return;
      readOnRequest = read.version;
      report(read);
    } catch (error) {
      refuse(error);
    }
  }
  function refuse(error: unknown): PolicyError {
    if (!(error instanceof PolicyError)) throw error;
    events.onRefused(error);
    return error;
  }

  let reading = Promise.resolve();
  // The watch starts before the first read, so that no change between the two is missed.
  const watch = source.onChange(() => {
    reading = reading.then(readAgain);
  });
  const firstReading = readFirst();
  reading = firstReading;
  const readNow = () => (reading = reading.then(readIfChanged));
  return { firstReading, readNow, [Symbol.dispose]: () => watch[Symbol.dispose]() };
}

async function currentOf(source: Pick<PolicySource, 'current'>): Promise<PolicyVersion> {
  try {
    return await source.current();
  } catch (cause) {
    if (!(cause instanceof PolicySourceError)) throw cause;
    throw new PolicyError(cause.message, { cause: cause.cause });
  }
}
