import type { Policy } from '@turn-router/contract/policy';
import { parsePolicy } from '@turn-router/settings';
import { PolicySourceError, type PolicySource, type PolicyVersion } from '@turn-router/registry';

/** The policy cannot be used; the message says why, a line for each fault. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  /** Of the text, lower-case hex; undefined when it could not be read. */
  readonly sha256: string | undefined;

  constructor(message: string, { sha256, ...options }: ErrorOptions & { sha256?: string } = {}) {
    super(message, options);
    this.sha256 = sha256;
  }
}

/** A policy, and which version of it was read. */
export type ReadPolicy = Pick<PolicyVersion, 'version' | 'sha256'> & { readonly policy: Policy };

export type PolicyEvents = {
  readonly onPolicy: (read: ReadPolicy) => void;
  /** The source has something unusable: the policy before it stays. */
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

/** A watch, and when it has told what had changed before it began. */
export interface PolicyWatch extends Disposable {
  readonly firstReading: Promise<void>;
}

/**
 * Reads the policy again whenever it may have changed, one reading after the other.
 *
 * @param inForce what was read before: the first reading, at once, is told only if it is something else
 */
export function watchPolicy(
  source: PolicySource,
  inForce: Pick<ReadPolicy, 'version'>,
  events: PolicyEvents,
): PolicyWatch {
  /** A source may tell at once that it cannot be read, which the first reading has found, too. */
  let refusedFirst: string | undefined;
  async function readFirst(): Promise<void> {
    try {
      const read = await readPolicy(source);
      if (read.version !== inForce.version) events.onPolicy(read);
    } catch (error) {
      refusedFirst = refuse(error).message;
    }
  }
  async function readAgain(): Promise<void> {
    const told = refusedFirst;
    refusedFirst = undefined;
    try {
      events.onPolicy(await readPolicy(source));
    } catch (error) {
      if (!(error instanceof PolicyError) || error.message !== told) refuse(error);
    }
  }
  function refuse(error: unknown): PolicyError {
    if (!(error instanceof PolicyError)) throw error;
    events.onRefused(error);
    return error;
  }

  let reading = Promise.resolve();
  // First the watch, so that nothing changes unseen between the two.
  const watch = source.onChange(() => {
    reading = reading.then(readAgain);
  });
  const firstReading = readFirst();
  reading = firstReading;
  return { firstReading, [Symbol.dispose]: () => watch[Symbol.dispose]() };
}

async function currentOf(source: Pick<PolicySource, 'current'>): Promise<PolicyVersion> {
  try {
    return await source.current();
  } catch (cause) {
    if (!(cause instanceof PolicySourceError)) throw cause;
    throw new PolicyError(cause.message, { cause: cause.cause });
  }
}
