import type { AuditTrail } from '@turn-router/registry';
import type { PolicyError, ReadPolicy } from './follow-policy.ts';

/** A refusal of the same text is not recorded again within this time, ms. */
const refusalRepeatAfterMs = 3_600_000;

export type PolicyAudit = {
  readonly changed: (read: ReadPolicy) => void;
  readonly refused: (error: PolicyError) => void;
};

/**
 * Records applied and refused policies in the audit log, once for all routers, by the hash of the text.
 *
 * @param first the policy that this router started with
 */
export function createPolicyAudit(
  { record }: Pick<AuditTrail, 'record'>,
  actor: string,
  first: ReadPolicy,
): PolicyAudit {
  let inForce = first.sha256;
  const event = { actor, subject: 'policy' } as const;
  record({ ...event, action: 'policy.changed', detail: { sha256: inForce } }, { of: 'policy', is: inForce });
  return {
    changed({ sha256 }) {
      // The file was touched, or restored after a refusal.
      if (sha256 === inForce) return;
      const detail = { before: inForce, sha256 };
      inForce = sha256;
      record({ ...event, action: 'policy.changed', detail }, { of: 'policy', is: sha256 });
    },
    refused({ sha256, message }) {
      // Cutting the text may leave half of a character.
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
