/** Formats a number with three significant digits: `1.04`, `12.3`. A larger number keeps all digits before the point: `1,520`. A missing figure becomes `–`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const decimals = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Formats a ratio below 10 with three decimals, because ratios near 1 differ only in these digits: `1.038`. */
export function ratioText(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 10 ? value.toFixed(3) : numberText(value);
}

/** Formats a part of 1 as `12.3 %`. A small part above 0 becomes `<0.1 %` instead of 0. */
export function percentText(share: number): string {
  if (!Number.isFinite(share)) return '–';
  if (share > 0 && share < 0.0005) return '<0.1 %';
  return share === 0 ? '0 %' : `${(share * 100).toFixed(1)} %`;
}

/** Formats a number with four significant digits, because limits of claims have up to four: `1.045`, `0.0312`, `1520`. */
export function figureText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'not measured';
}

/** Formats a duration: `90 s`, `15 min`, `2.5 h`. */
export function durationText(seconds: number): string {
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  return seconds < 7200 ? `${Number((seconds / 60).toFixed(1))} min` : `${Number((seconds / 3600).toFixed(1))} h`;
}
