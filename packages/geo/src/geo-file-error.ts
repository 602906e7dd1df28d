/** What is wrong with one file. */
export type GeoFileFault = {
  /** As the operator gave it. */
  readonly path: string;
  /** What is wrong and what is expected, in one sentence. */
  readonly problem: string;
};

/** GeoIP files that cannot be used. The message holds one line for each fault: `<path>: <problem>`. */
export class GeoFileError extends Error {
  override readonly name = 'GeoFileError';
  readonly faults: readonly GeoFileFault[];

  constructor(faults: readonly GeoFileFault[], options?: ErrorOptions) {
    super(faults.map(({ path, problem }) => `${path}: ${problem}`).join('\n'), options);
    this.faults = faults;
  }
}
