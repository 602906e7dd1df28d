/**
 * The reason why a snapshot could not be written or read: a closed set, used as a metric label. `not_a_file`: the path is a directory, pipe
 * or socket. `not_a_snapshot`: the file has another format or version. `truncated`: the file is incomplete, or continues after its end.
 * `timeout`: the last write was not done within the time that a stopping process waits for it.
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

/** `detail` is for the log: the system's error code (`ENOSPC`) or the expected content. It contains no path. */
export type SnapshotFault = {
  readonly code: SnapshotFaultCode;
  readonly detail: string;
  /** The file or directory at fault, if it is only one of several. */
  readonly path?: string;
};

/** Maps the system's error codes (errno(3)) and Node's code for an aborted call. */
const codes = new Map<string, SnapshotFaultCode>([
  ['ENOSPC', 'no_space'],
  ['EDQUOT', 'no_space'],
  ['EROFS', 'read_only'],
  ['EACCES', 'no_permission'],
  ['EPERM', 'no_permission'],
  ['ENOTDIR', 'not_a_directory'],
  ['EISDIR', 'not_a_file'],
  // Opening a socket fails with this code.
  ['ENXIO', 'not_a_file'],
  ['EFBIG', 'too_large'],
  ['ABORT_ERR', 'timeout'],
]);

/** Classifies the error of a file system call. An unknown error becomes `other`. */
export function faultFromError(error: unknown): SnapshotFault {
  const detail = systemCode(error) ?? 'unknown';
  return { code: codes.get(detail) ?? 'other', detail };
}

/** Returns the error code, such as `ENOSPC`; undefined when the error has no code. */
export function systemCode(error: unknown): string | undefined {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : undefined;
}
