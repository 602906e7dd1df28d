/**
 * Keeps what the reader decoded last, by its offset in the file: two generations, the older one dropped whenever the younger
 * one is full, which costs less than exact least-recently-used order.
 */
export class RecordCache {
  readonly #perGeneration: number;
  #young = new Map<number | string, unknown>();
  #old = new Map<number | string, unknown>();

  /** @param perGeneration entries; memory is bounded by twice as many */
  constructor(perGeneration: number) {
    this.#perGeneration = perGeneration;
  }

  get(key: number | string): unknown {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: number | string, value: unknown): void {
    if (this.#young.size >= this.#perGeneration) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
