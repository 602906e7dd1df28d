/** A table that can be drawn for a terminal, an HTML page or a Markdown document. */
export type ReportTable = {
  readonly title: string;
  /** The heading of the column with the rows' names. */
  readonly nameHeading: string;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly ReportRow[];
};

export type ReportColumn = {
  /** The heading's parts. A narrow table may break the line between them. */
  readonly heading: readonly string[];
  /** Explains the figure, and whether less or more is better. */
  readonly meaning: string;
};

export type ReportRow = {
  readonly name: string;
  /** One for each column. */
  readonly cells: readonly string[];
  /** The colour of the row: whether a claim is met or not. */
  readonly tone?: 'good' | 'bad';
};
