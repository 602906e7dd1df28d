/** Something wrong with a scenario. */
export type ScenarioFault = {
  /** Of the setting. */
  readonly path: PropertyKey[];
  readonly message: string;
};
