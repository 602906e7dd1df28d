/** The horizontal axis, in seconds, minutes or hours. */
export type TimeAxis = {
  readonly name: string;
  readonly secondsPerUnit: number;
};

export function timeAxisFor(atSeconds: readonly number[]): TimeAxis {
  const lastSecond = atSeconds.at(-1) ?? 0;
  if (lastSecond <= 300) return { name: 'seconds', secondsPerUnit: 1 };
  return lastSecond <= 3 * 3600 ? { name: 'minutes', secondsPerUnit: 60 } : { name: 'hours', secondsPerUnit: 3600 };
}
