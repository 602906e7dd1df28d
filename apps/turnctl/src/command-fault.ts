/** A fault that the user can correct. Only its message is printed; it may have several lines. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
}
