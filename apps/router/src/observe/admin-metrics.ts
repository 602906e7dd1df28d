import { Counter, type Registry } from 'prom-client';

/** Metrics of the admin API and the audit log. */
export type AdminMetrics = {
  /** Counts an audit entry that this router has written or dropped. */
  readonly countAudit: (result: 'written' | 'lost') => void;
  /** Counts a refused request to the admin API. The token is missing or wrong, or its role lacks the permission. */
  readonly countAdminRefusal: (reason: 'missing' | 'wrong' | 'role') => void;
};

export function createAdminMetrics(registers: Registry[]): AdminMetrics {
  const written = new Counter({
    name: 'turn_router_audit_written_total',
    help: 'Number of audit entries that this router has written.',
    registers,
  });
  const lost = new Counter({
    name: 'turn_router_audit_lost_total',
    help: 'Number of audit entries that this router has dropped because too many were waiting for the audit log.',
    registers,
  });
  const refusals = new Counter({
    name: 'turn_router_admin_refusals_total',
    help: 'Number of refused requests to the admin API: the token is missing or wrong, or its role lacks the permission.',
    labelNames: ['reason'],
    registers,
  });
  return {
    countAudit: (result) => (result === 'written' ? written : lost).inc(),
    countAdminRefusal: (reason) => refusals.inc({ reason }),
  };
}
