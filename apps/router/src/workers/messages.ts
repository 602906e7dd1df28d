import type { MetricReading } from '../metrics.ts';

/** What the primary tells a worker. Both are the same program in the same version, so neither checks what the other says. */
export type ToWorker =
  | { readonly kind: 'stop' }
  /** Answered by `metrics`. */
  | { readonly kind: 'ask_metrics' }
  /** Answers `refusing`, once no worker that is to stop takes new connections any more. */
  | { readonly kind: 'all_refuse' };

/** What a worker tells the primary. */
export type ToPrimary =
  | { readonly kind: 'listening'; readonly publicPort: number }
  /** It takes no new connections any more. */
  | { readonly kind: 'refusing' }
  /** It ends, and why; `error` arrives as one of the same class if that is one of JavaScript's own. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Also sent unasked, once, as the last thing before it ends. */
  | { readonly kind: 'metrics'; readonly readings: readonly MetricReading[] };
