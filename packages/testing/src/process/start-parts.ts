/** Takes a part that is up, and hands it back. */
type AddPart = <Part extends AsyncDisposable>(part: Part) => Part;

/**
 * Starts what is made of several parts, one after the other. They are ended in the reverse order when the whole is disposed of, and so are
 * those that are up when a later one fails.
 *
 * @param start hands every part over as soon as it is up
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
