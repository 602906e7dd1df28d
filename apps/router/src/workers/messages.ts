import type { FleetAnswer, FleetQuery } from '@turn-router/contract/admin';
import type { RelayWishes } from '@turn-router/selection';
import type { Explanation } from '../fleet/fleet-view.ts';
import type { MetricReading } from '../observe/metrics.ts';
import type { ProofAnswer } from './proof-desk.ts';

/** Environment variable by which the primary gives a worker its number; nobody else sets it. */
export const workerNumberVariable = 'TURN_ROUTER_WORKER';

/** What the primary may ask of a worker: by name, the arguments and the answer. */
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

/** What the primary tells a worker. Both are the same program in the same version, so neither checks what the other says. */
export type ToWorker =
  | { readonly kind: 'stop' }
  /** Answered by `answer` with the same id. */
  | ({ readonly kind: 'ask'; readonly id: number } & Question)
  /** Answers `refusing`, once no worker that is to stop takes new connections any more. */
  | { readonly kind: 'all_refuse' }
  /** Answers `claim_geo_proof`: a verdict, or that this worker shall find it. */
  | ({ readonly kind: 'geo_verdict' } & ProofAnswer);

/** What a worker tells the primary. */
export type ToPrimary =
  | { readonly kind: 'listening'; readonly publicPort: number }
  /** It takes no new connections any more. */
  | { readonly kind: 'refusing' }
  /** It ends, and why; `error` arrives as one of the same class if that is one of JavaScript's own. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** `answer` is what the question's is; undefined: the worker cannot tell, as before it has read its policy. */
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  /** Its last metrics, so that no count is lost: the last thing before it ends. */
  | { readonly kind: 'last_metrics'; readonly readings: readonly MetricReading[] }
  /** It holds a GeoIP file of this digest and does not know whether it is sound. */
  | { readonly kind: 'claim_geo_proof'; readonly digest: string }
  /** What it has found. */
  | ({ readonly kind: 'geo_verdict' } & ProofAnswer);
