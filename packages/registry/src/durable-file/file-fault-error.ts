import { faultFromError, type SnapshotFault } from '../snapshot-store/snapshot-fault.ts';

/** A file of the state directory that cannot be used for a reason that is no error of the system. */
export class FileFaultError extends Error {
  override readonly name = 'FileFaultError';
  readonly fault: SnapshotFault;

  constructor(fault: SnapshotFault) {
    super(`${fault.code}: ${fault.detail}`);
    this.fault = fault;
  }
}

/** Classifies the error of a file operation. */
export function fileFaultFrom(error: unknown): SnapshotFault {
  return error instanceof FileFaultError ? error.fault : faultFromError(error);
}
