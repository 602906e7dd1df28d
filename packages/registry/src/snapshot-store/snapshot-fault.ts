/**
 * Why a snapshot could not be written or read: a closed set, used as a metric's label. `not_a_file`: something else stands at its path.
 * `not_a_snapshot`: the file is of another format or version. `truncated`: it does not end as one that was written whole. `timeout`: the disk took
 * longer than the end of the process waits.
 */
export type SnapshotFaultCode =
  | 'no_space'
  | 'read_only'
  | 'no_permission'
  | 'not_a_directory'
  | 'not_a_file'
  | 'too_large'
  | 'not_a_snapshot'
  | 'truncated'
  | 'timeout'
  | 'other';

/** `detail` is for the log: the system's own code (`ENOSPC`) or what was expected. It names no path. */
export type SnapshotFault = { readonly code: SnapshotFaultCode; readonly detail: string };

/** By the system's code (errno(3)) and Node's own for an aborted call. */
const codes = new Map<string, SnapshotFaultCode>([
  ['ENOSPC', 'no_space'],
  ['EDQUOT', 'no_space'],
  ['EROFS', 'read_only'],
  ['EACCES', 'no_permission'],
  ['EPERM', 'no_permission'],
  ['ENOTDIR', 'not_a_directory'],
  ['EISDIR', 'not_a_file'],
  // What open says of a socket.
  ['ENXIO', 'not_a_file'],
  ['EFBIG', 'too_large'],
  ['ABORT_ERR', 'timeout'],
]);

/** What a call to the file system was rejected with; anything that it does not know is `other`. */
export function faultFromError(error: unknown): SnapshotFault {
  const detail = systemCode(error) ?? 'unknown';
  return { code: codes.get(detail) ?? 'other', detail };
}

/** `ENOSPC` and the like; undefined when the error has none. */
export function systemCode(error: unknown): string | undefined {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : undefined;
}
