/** One session of coturn, as its command `psp` prints it. */
export type CoturnSession = { readonly id: string; readonly username: string };

/** `    1) id=000000000000000001, user <1795308237:3q2-7wABCd_f>:` */
const head = /^ {4}\d+\) id=(\d{1,20}), user <([^<>]*)>:$/;

/**
 * Lines that each session ends with, in this order, others between them. Together they are longer than the only text in a session that its
 * client chooses without proof, the ORIGIN of at most 127 bytes (coturn's STUN_MAX_ORIGIN_SIZE), which coturn prints as it came (seen
 * with 4.6.1): whoever writes line breaks into it may spoil its own session's lines, but can neither end them nor make up another session.
 */
const tail = [
  /^ {6}client protocol \S+, relay protocol \S+$/,
  /^ {6}client addr \S+, server addr \S+$/,
  /^ {6}fingerprints enforced: (?:ON|OFF)$/,
  /^ {6}mobile: (?:ON|OFF)$/,
  /^ {6}usage: rp=\d+, rb=\d+, sp=\d+, sb=\d+$/,
  /^ {7}rate: r=\d+, s=\d+, total=\d+ \(bytes per sec\)$/,
];

/** The sessions in an answer to `psp`; those that coturn left out, as they were too many, are found next time. */
export function parseSessions(answer: string): CoturnSession[] {
  const sessions: CoturnSession[] = [];
  let linesToCome: readonly RegExp[] = [];
  for (const line of answer.split('\r\n')) {
    if (linesToCome.length > 0) {
      if (linesToCome[0]?.test(line) === true) linesToCome = linesToCome.slice(1);
      continue;
    }
    const [, id, username] = head.exec(line) ?? [];
    if (id === undefined || username === undefined) continue;
    sessions.push({ id, username });
    linesToCome = tail;
  }
  return sessions;
}
