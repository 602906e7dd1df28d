import type { FleetAnswer, FleetQuery } from '@turn-router/contract/admin';
import type { RelayWishes } from '@turn-router/selection';
import type { Explanation } from '../fleet/fleet-view.ts';
import type { MetricReading } from '../observe/metrics.ts';
import type { ProofAnswer } from './proof-desk.ts';

/** The environment variable in which the primary gives a worker its number. Only the primary sets it. */
export const workerNumberVariable = 'TURN_ROUTER_WORKER';

/** Questions of the primary to a worker, by name, with their arguments and answers. */
export type Questions = {
  readonly metrics: { readonly with: []; readonly answer: readonly MetricReading[] };
  readonly fleet: { readonly with: [query: FleetQuery]; readonly answer: FleetAnswer };
  readonly explain: {
    readonly with: [address: string | undefined, wishes: RelayWishes];
    readonly answer: Explanation;
  };
};

export type Question = {
  [About in keyof Questions]: { readonly about: About; readonly with: Questions[About]['with'] };
}[keyof Questions];

/** Messages of the primary to a worker. Primary and worker run the same version of the program, so they do not validate messages. */
export type ToWorker =
  | { readonly kind: 'stop' }
  /** The worker reads its files again. */
  | { readonly kind: 'reload' }
  /** The worker replies with `answer` and the same id. */
  | ({ readonly kind: 'ask'; readonly id: number } & Question)
  /** The reply to `refusing`. It is sent when all stopping workers refuse new connections. */
  | { readonly kind: 'all_refuse' }
  /** The reply to `claim_geo_proof`: the result of the check, or the request to check the file. */
  | ({ readonly kind: 'geo_verdict' } & ProofAnswer);

/** Messages of a worker to the primary. */
export type ToPrimary =
  | { readonly kind: 'listening'; readonly publicPort: number }
  /** The worker refuses new connections. */
  | { readonly kind: 'refusing' }
  /** The worker ends because of `error`. The error keeps its class only if the class is one of JavaScript's own. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** The answer to a question. Undefined: the worker cannot answer yet, for example because it has not read its policy. */
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  /** The final metrics, so that no count is lost. This is the last message of a worker. */
  | { readonly kind: 'last_metrics'; readonly readings: readonly MetricReading[] }
  /** The worker needs the result of the check of the GeoIP file with this digest. */
  | { readonly kind: 'claim_geo_proof'; readonly digest: string }
  /** The result of the check that the worker has made. */
  | ({ readonly kind: 'geo_verdict' } & ProofAnswer);
