/** Tells when a source goes missing or comes back; undefined while nothing changes. Sources are present at first. */
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
