import { createHash } from 'node:crypto';
import type { StoredHash } from '../hash/hash-store.ts';
import type { SnapshotFault } from '../snapshot-store/snapshot-fault.ts';

/** A hash in one copy of its file. */
export type StoredCopy = {
  readonly hash: StoredHash;
  /** Grows with every write. Undefined: a release without closing marks has written the file. */
  readonly sequence: number | undefined;
};

export type ParsedHash =
  | ({ readonly ok: true } & StoredCopy)
  | {
      readonly ok: false;
      readonly fault: SnapshotFault;
      /** Whether an earlier release may have written the text: it takes the closing mark for an entry, and keeps it. */
      readonly mayBeNewer: boolean;
    };

/** The last member of the file. No entry can have this name. In Redis, the same name marks a hash that exists. */
const closingName = '#';
const closing = /,?"#":"(\d{1,15}) ([0-9a-f]{64})"\}$/;

/**
 * Renders a hash as a JSON object of strings. Its last member is the closing mark: the sequence number and the SHA-256 of all bytes before
 * the mark and of the number.
 */
export function textFromHash(hash: StoredHash, sequence: number): string {
  const { [closingName]: _closing, ...entries } = Object.fromEntries(hash);
  const body = JSON.stringify(entries).slice(0, -1);
  return `${body}${body === '{' ? '' : ','}"${closingName}":"${sequence} ${checksum(body, sequence)}"}`;
}

/**
 * Parses the content of a file. A file of an earlier release has no closing mark. Such a file is valid if it is a whole JSON object of
 * strings: a part of it never is.
 */
export function parseHashText(text: string): ParsedHash {
  const mark = closing.exec(text);
  const sequence = mark === null ? undefined : Number(mark[1]);
  const entries = parseObject(text);
  if (entries === undefined) return damaged('expected a complete JSON object of strings', false);
  if (mark !== null && checksum(text.slice(0, mark.index), Number(mark[1])) !== mark[2]) {
    return damaged('the checksum does not match the content', true);
  }
  const hash = new Map(entries);
  if (hash.delete(closingName) !== (mark !== null)) return damaged('the closing mark is not at the end', true);
  return { ok: true, hash, sequence };
}

function parseObject(text: string): [string, string][] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    const entries = Object.entries(parsed);
    const strings = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return strings.length === entries.length ? strings : undefined;
  } catch {
    // The error of JSON.parse quotes the content, which may be personal data.
    return undefined;
  }
}

function damaged(detail: string, mayBeNewer: boolean): ParsedHash {
  return { ok: false, fault: { code: 'truncated', detail }, mayBeNewer };
}

function checksum(body: string, sequence: number): string {
  return createHash('sha256').update(body).update(`${sequence}`).digest('hex');
}
