/** Cases per property of the whole balancer. `PROPERTY_RUNS=100000 pnpm test properties` runs more. */
export const propertyRuns = Number(process.env['PROPERTY_RUNS'] ?? 1000);

/** Timeout of one property: 10 ms per case, at least 300 s. */
export const propertyTimeoutMs = Math.max(300_000, propertyRuns * 10);
