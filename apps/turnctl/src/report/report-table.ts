/** A table as people read it, before it is drawn for a terminal, a page or a document. */
export type ReportTable = {
  readonly title: string;
  /** Stands above the names of the rows. */
  readonly nameHeading: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
};

export type ReportColumn = {
  /** Broken where a narrow table may break it. */
  readonly heading: readonly string[];
  /** What the figure is, and which way is better. */
  readonly meaning: string;
};

export type ReportRow = {
  readonly name: string;
  /** One for each column. */
  readonly cells: readonly string[];
  /** Of a verdict. */
  readonly tone?: 'good' | 'bad';
};
