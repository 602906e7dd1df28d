/** Returns `lost` if a source has gone missing, and `found` if it is present again. Returns undefined without a change. Every source counts as present at first. */
export type PresenceWatch = (source: string, present: boolean) => 'lost' | 'found' | undefined;

export function createPresenceWatch(): PresenceWatch {
  const missing = new Set<string>();
  return (source, present) => {
    if (present) return missing.delete(source) ? 'found' : undefined;
    if (missing.has(source)) return undefined;
    missing.add(source);
    return 'lost';
  };
}
