/** One version of the policy as stored. The text is not validated: the reader parses it. */
export type PolicyVersion = {
  /** Starts at 1; each new version has a larger number. */
  readonly version: number;
  /** YAML. */
  readonly text: string;
  /** The hash of the text in UTF-8, lower-case hex. */
  readonly sha256: string;
  /** Unix time of activation, ms; for a file, the time when this process first read this version. */
  readonly appliedAtMs: number;
  /** Who activated the version, e.g. `turnctl:kim@ops-1`; undefined when the source cannot know. */
  readonly actor: string | undefined;
  /** Why it was activated; undefined when the source cannot know. */
  readonly reason: string | undefined;
};

export type WantedPolicy = { readonly text: string; readonly actor: string; readonly reason: string };

/** The outcome of an activation. `changed`: `current` is in force in place of the expected version. */
export type PolicyActivation =
  | { readonly ok: true; readonly version: PolicyVersion }
  | { readonly ok: false; readonly why: 'changed'; readonly current: PolicyVersion }
  | { readonly ok: false; readonly why: 'read_only'; readonly detail: string };

/** The policy cannot be read or written at the moment. The message says where and why. */
export class PolicySourceError extends Error {
  override readonly name = 'PolicySourceError';
}

/** Stores the policy as versions of its text. It does not parse the text. */
export interface PolicySource {
  /** The name of the source in messages, such as the path of a file. */
  readonly place: string;
  /** Returns the version in force. @throws PolicySourceError */
  readonly current: () => Promise<PolicyVersion>;
  /** Returns the versions, newest first, including the one in force. Old versions may be missing. @throws PolicySourceError */
  readonly history: () => Promise<readonly PolicyVersion[]>;
  /**
   * Activates a text if `expectedVersion` is still in force. If two programs change the same version at the same time, only one change
   * succeeds.
   *
   * @throws PolicySourceError
   */
  readonly activate: (expectedVersion: number, wanted: WantedPolicy) => Promise<PolicyActivation>;
  /**
   * Calls `take` within two seconds after `current` may have changed or become unreadable, until disposed of. Calls do not overlap. If `take`
   * resolves to false, it could not use the version for a passing reason. Then a source that others write calls it again later.
   */
  readonly onChange: (take: () => Promise<boolean>) => Disposable;
}
