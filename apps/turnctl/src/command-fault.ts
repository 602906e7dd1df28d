/** A fault that the user can correct. turnctl prints only the message, which may have several lines. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
}
