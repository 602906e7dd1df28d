/** One version of the policy, as it is kept: text that anybody may have written. Whoever uses it parses it. */
export type PolicyVersion = {
  /** From 1; the next one is larger. */
  readonly version: number;
  /** YAML. */
  readonly text: string;
  /** Of the text in UTF-8, lower-case hex. */
  readonly sha256: string;
  /** Unix time at which it was put in force, ms; of a file, when this process first read it. */
  readonly appliedAtMs: number;
  /** Who put it in force, e.g. `turnctl:kim@ops-1`, and why; undefined where the source cannot know. */
  readonly actor: string | undefined;
  readonly reason: string | undefined;
};

export type WantedPolicy = { readonly text: string; readonly actor: string; readonly reason: string };

/** What became of an activation. `changed`: another version than the expected one is in force, namely this. */
export type PolicyActivation =
  | { readonly ok: true; readonly version: PolicyVersion }
  | { readonly ok: false; readonly why: 'changed'; readonly current: PolicyVersion }
  | { readonly ok: false; readonly why: 'read_only'; readonly detail: string };

/** The policy cannot be read or written now. The message says why, and where. */
export class PolicySourceError extends Error {
  override readonly name = 'PolicySourceError';
}

/** Where the policy comes from. Knows texts and versions, not what they mean. */
export interface PolicySource {
  /** What messages name it by: the path of a file. */
  readonly place: string;
  /** The version in force. @throws PolicySourceError */
  readonly current: () => Promise<PolicyVersion>;
  /** Newest first, the one in force among them; older ones may be forgotten. @throws PolicySourceError */
  readonly history: () => Promise<readonly PolicyVersion[]>;
  /**
   * Puts a text in force, if `expectedVersion` still is: of two who change the same version at once, one gets it.
   *
   * @throws PolicySourceError
   */
  readonly activate: (expectedVersion: number, wanted: WantedPolicy) => Promise<PolicyActivation>;
  /** Calls back within two seconds after `current` may have changed, or can be read no more, until disposed of. */
  readonly onChange: (changed: () => void) => Disposable;
}
