/** Registers a started part and returns it. */
type AddPart = <Part extends AsyncDisposable>(part: Part) => Part;

/**
 * Starts a whole that consists of several parts, one after the other. Disposing of the whole disposes of the parts in reverse order. If a
 * part fails to start, the parts that already run are disposed of in the same way.
 *
 * @param start starts the parts and passes each to `add` as soon as it runs
 */
export async function startParts<Whole extends object>(
  start: (add: AddPart) => Promise<Whole>,
): Promise<Whole & AsyncDisposable> {
  const parts: AsyncDisposable[] = [];
  const stop = async () => {
    for (const part of parts.toReversed()) await part[Symbol.asyncDispose]();
  };
  try {
    const whole = await start((part) => {
      parts.push(part);
      return part;
    });
    return { ...whole, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
