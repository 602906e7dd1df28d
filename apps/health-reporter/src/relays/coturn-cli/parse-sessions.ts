/** One session of coturn, as the command `psp` prints it. */
export type CoturnSession = { readonly id: string; readonly username: string };

/** `    1) id=000000000000000001, user <1795308237:3q2-7wABCd_f>:` */
const head = /^ {4}\d+\) id=(\d{1,20}), user <([^<>]*)>:$/;

/**
 * The last lines of each session, in this order, with other lines between them. A client controls one text of its session without proof:
 * the ORIGIN of at most 127 bytes (coturn's STUN_MAX_ORIGIN_SIZE), which coturn prints unescaped (seen with 4.6.1). These lines together
 * are longer. A client that writes line breaks into ORIGIN may spoil its own session, but can neither end it nor forge another.
 */
const tail = [
  /^ {6}client protocol \S+, relay protocol \S+$/,
  /^ {6}client addr \S+, server addr \S+$/,
  /^ {6}fingerprints enforced: (?:ON|OFF)$/,
  /^ {6}mobile: (?:ON|OFF)$/,
  /^ {6}usage: rp=\d+, rb=\d+, sp=\d+, sb=\d+$/,
  /^ {7}rate: r=\d+, s=\d+, total=\d+ \(bytes per sec\)$/,
];

/** Parses the sessions in a response to `psp`. Sessions beyond coturn's output limit are found in a later round. */
export function parseSessions(answer: string): CoturnSession[] {
  const sessions: CoturnSession[] = [];
  let expectedLines: readonly RegExp[] = [];
  for (const line of answer.split('\r\n')) {
    if (expectedLines.length > 0) {
      if (expectedLines[0]?.test(line) === true) expectedLines = expectedLines.slice(1);
      continue;
    }
    const [, id, username] = head.exec(line) ?? [];
    if (id === undefined || username === undefined) continue;
    sessions.push({ id, username });
    expectedLines = tail;
  }
  return sessions;
}
