/** One session of coturn, as the command `psp` prints it. */
export type CoturnSession = { readonly id: string; readonly username: string };

/** `    1) id=000000000000000001, user <1795308237:3q2-7wABCd_f>:` */
const head = /^ {4}\d+\) id=(\d{1,20}), user <([^<>]*)>:$/;

/**
 * The last lines of each session, in this order, with other lines between them. They protect against forged sessions. A client controls one
 * text of its session: the ORIGIN of at most 127 bytes (coturn's STUN_MAX_ORIGIN_SIZE). coturn prints it unescaped (seen with 4.6.1). But
 * these lines together are longer than 127 bytes. So a client with line breaks in its ORIGIN may make its own session unreadable, but cannot forge
 * the end of its session, nor another session.
 */
const tail = [
  /^ {6}client protocol \S+, relay protocol \S+$/,
  /^ {6}client addr \S+, server addr \S+$/,
  /^ {6}fingerprints enforced: (?:ON|OFF)$/,
  /^ {6}mobile: (?:ON|OFF)$/,
  /^ {6}usage: rp=\d+, rb=\d+, sp=\d+, sb=\d+$/,
  /^ {7}rate: r=\d+, s=\d+, total=\d+ \(bytes per sec\)$/,
];

/** Parses the sessions in a response to `psp`. coturn limits the number of printed sessions; a later round finds the other sessions. */
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
