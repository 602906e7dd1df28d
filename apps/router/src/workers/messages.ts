import type { MetricReading } from '../observe/metrics.ts';
import type { ProofAnswer } from './proof-desk.ts';

/** What the primary tells a worker. Both are the same program in the same version, so neither checks what the other says. */
export type ToWorker =
  | { readonly kind: 'stop' }
  /** Answered by `metrics`. */
  | { readonly kind: 'ask_metrics' }
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
  /** Also sent unasked, once, as the last thing before it ends. */
  | { readonly kind: 'metrics'; readonly readings: readonly MetricReading[] }
  /** It holds a GeoIP file of this digest and does not know whether it is sound. */
  | { readonly kind: 'claim_geo_proof'; readonly digest: string }
  /** What it has found. */
  | ({ readonly kind: 'geo_verdict' } & ProofAnswer);
