import type { RunningProcess } from '../../process/start-process.ts';

/** A TURN server on loopback that accepts TURN REST credentials. */
export type TurnServer = RunningProcess & {
  readonly address: string;
  readonly port: number;
  readonly realm: string;
  /** Range of relay ports, both ends included. */
  readonly relayPorts: { readonly min: number; readonly max: number };
};
