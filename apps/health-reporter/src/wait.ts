/** Settles after `ms`, or as soon as the signal fires; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;
