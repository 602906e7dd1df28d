/** What its user can mend: shown by its message alone, which may have several lines. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
}
