// Has V8 collect garbage sooner than it would on a machine with much memory, where it lets some 20 MB that are in use grow to 100. To be
// imported first: what loading the program leaves behind is much of what would stay. All flags are read at each collection, so that they may
// be set at run time; `node --v8-options` lists them.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

useFlags({ newSpaceMayGrow: false, isRoomy: false });

/** Space for new objects, bytes. A tenth of the answers a second is lost with half of what V8 would take by itself, a quarter with a sixteenth. */
const newSpaceBytes = 16 * 2 ** 20;

/** A growing new space doubles; it is looked at this often, ms. */
const lookIntervalMs = 100;

/**
 * Keeps the space for new objects at half of what V8 would let it have. It may give up space by itself and has to be able to grow again,
 * so this goes on until disposed of.
 *
 * @param needsMore whether so much outlives a collection that small spaces would always be being collected
 */
export function keepHeapSmall(needsMore: () => boolean): Disposable {
  const timer = setInterval(() => {
    const newSpace = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    const isRoomy = needsMore();
    useFlags({ newSpaceMayGrow: isRoomy || (newSpace?.space_size ?? 0) < newSpaceBytes, isRoomy });
  }, lookIntervalMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function useFlags({ newSpaceMayGrow, isRoomy }: { newSpaceMayGrow: boolean; isRoomy: boolean }): void {
  setFlagsFromString(`--semi-space-growth-factor=${newSpaceMayGrow ? 2 : 1}`);
  // What was in use at the last collection may grow by this part, per cent. V8 by itself: up to threefold.
  setFlagsFromString(`--heap-growing-percent=${isRoomy ? 100 : 30}`);
}
