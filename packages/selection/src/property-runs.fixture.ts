/** Cases of each property of the whole balancer; `PROPERTY_RUNS=100000 pnpm test properties` looks longer. */
export const propertyRuns = Number(process.env['PROPERTY_RUNS'] ?? 1000);

/** What one property may take: 10 ms a case, and no less than any other test. */
export const propertyTimeoutMs = Math.max(300_000, propertyRuns * 10);
