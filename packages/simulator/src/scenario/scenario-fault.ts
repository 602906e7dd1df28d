/** A fault in a scenario. */
export type ScenarioFault = {
  /** Path of the faulty setting. */
  readonly path: PropertyKey[];
  readonly message: string;
};
