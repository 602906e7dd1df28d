/** A fault of one file. */
export type GeoFileFault = {
  /** The path as configured. */
  readonly path: string;
  /** The problem and the expectation, in one sentence. */
  readonly problem: string;
};

/** One or more GeoIP files cannot be used. The message has one line for each fault: `<path>: <problem>`. */
export class GeoFileError extends Error {
  override readonly name = 'GeoFileError';
  readonly faults: readonly GeoFileFault[];

  constructor(faults: readonly GeoFileFault[], options?: ErrorOptions) {
    super(faults.map(({ path, problem }) => `${path}: ${problem}`).join('\n'), options);
    this.faults = faults;
  }
}
