import type { AuditTrail } from '@turn-router/registry';
import type { PolicyError, ReadPolicy } from './follow-policy.ts';

/** After this time a refusal of the same file is news again, ms. */
const refusalLastsMs = 3_600_000;

export type PolicyAudit = {
  readonly changed: (read: ReadPolicy) => void;
  readonly refused: (error: PolicyError) => void;
};

/** Says what became of the policy: once for all routers, by the hash of its file. @param first what this router started with */
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
      // Touched, or put back after a refusal.
      if (sha256 === inForce) return;
      const detail = { before: inForce, sha256 };
      inForce = sha256;
      record({ ...event, action: 'policy.changed', detail }, { of: 'policy', is: sha256 });
    },
    refused({ sha256, message }) {
      // What is cut in two is no character any more.
      const fault = message
        .replaceAll(/\p{Cc}+/gu, '; ')
        .slice(0, 500)
        .replaceAll(/\p{Cs}/gu, '?');
      const detail = { inForce, ...(sha256 === undefined ? {} : { sha256 }), fault };
      const state = { of: 'policy-refused', is: sha256 ?? fault, lastsMs: refusalLastsMs };
      record({ ...event, action: 'policy.refused', detail }, state);
    },
  };
}
