import type { AuditTrail } from '@turn-router/registry';
import type { PolicyError } from './policy-error.ts';
import type { ReadPolicy } from './read-policy.ts';

/** The refusal of the same text is recorded only once within this time, ms. */
const refusalRepeatAfterMs = 3_600_000;

export type PolicyAudit = {
  readonly changed: (read: Pick<ReadPolicy, 'sha256'>) => void;
  readonly refused: (error: PolicyError) => void;
};

/**
 * Records applied and refused policies in the audit log. All routers together record each policy once, by the hash of its text.
 *
 * @param first the policy that this router started with
 */
export function createPolicyAudit(
  { record }: Pick<AuditTrail, 'record'>,
  actor: string,
  first: Pick<ReadPolicy, 'sha256'>,
): PolicyAudit {
  let inForce = first.sha256;
  const event = { actor, subject: 'policy' } as const;
  record({ ...event, action: 'policy.changed', detail: { sha256: inForce } }, { of: 'policy', is: inForce });
  return {
    changed({ sha256 }) {
      // The content is unchanged: only the time of the file changed, or the file was restored after a refusal.
      if (sha256 === inForce) return;
      const detail = { before: inForce, sha256 };
      inForce = sha256;
      record({ ...event, action: 'policy.changed', detail }, { of: 'policy', is: sha256 });
    },
    refused({ sha256, message }) {
      // If the text is cut, half of a character may be left.
      const fault = message
        .replaceAll(/\p{Cc}+/gu, '; ')
        .slice(0, 500)
        .replaceAll(/\p{Cs}/gu, '?');
      const detail = { inForce, ...(sha256 === undefined ? {} : { sha256 }), fault };
      const state = { of: 'policy-refused', is: sha256 ?? fault, lastsMs: refusalRepeatAfterMs };
      record({ ...event, action: 'policy.refused', detail }, state);
    },
  };
}
