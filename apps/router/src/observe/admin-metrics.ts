import { Counter, type Registry } from 'prom-client';

/** What becomes of requests to the admin API, and of the audit log. */
export type AdminMetrics = {
  /** An entry of the audit log was written by this router, or is never going to be. */
  readonly countAudit: (result: 'written' | 'lost') => void;
  /** A request to the admin API without a token, with a wrong one, or with one of a role that may not do it. */
  readonly countAdminRefusal: (reason: 'missing' | 'wrong' | 'role') => void;
};

export function createAdminMetrics(registers: Registry[]): AdminMetrics {
  const written = new Counter({
    name: 'turn_router_audit_written_total',
    help: 'Entries that this router has added to the audit log.',
    registers,
  });
  const lost = new Counter({
    name: 'turn_router_audit_lost_total',
    help: 'Entries that were never written: too many waited while the audit log was away.',
    registers,
  });
  const refusals = new Counter({
    name: 'turn_router_admin_refusals_total',
    help: 'Requests to the admin API without a token, with a wrong one, or with one of another role.',
    labelNames: ['reason'],
    registers,
  });
  return {
    countAudit: (result) => (result === 'written' ? written : lost).inc(),
    countAdminRefusal: (reason) => refusals.inc({ reason }),
  };
}
