import { startRevocationFeed } from '../revocations/revocations.ts';

/** Follows revocations whenever `refresh` is called, and notes what the feed says. `faultOf` gives the words for an error. */
export async function watchRevocations(
  revocations: Parameters<typeof startRevocationFeed>[0],
  faultOf: (error: { readonly message: string; readonly fault: string }) => string = ({ message }) => message,
) {
  const seen: string[] = [];
  const feed = startRevocationFeed(
    revocations,
    {
      onEntries: (entries) => seen.push(`${entries.size} entries`),
      onMissing: () => seen.push('missing'),
      onLost: (error) => seen.push(faultOf(error)),
      onFound: () => seen.push('found'),
    },
    { intervalMs: 3_600_000 },
  );
  await feed.firstReading;
  return { seen, refresh: () => feed.refresh(), [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose]() };
}
