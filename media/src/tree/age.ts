/** How long ago, as `kubectl get` writes it: two units at most. */
export function ageText(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  return days < 730 ? `${days}d` : `${Math.floor(days / 365)}y`;
}

const withRest = (value: number, unit: string, rest: number, restUnit: string): string =>
  rest ? `${value}${unit}${rest}${restUnit}` : `${value}${unit}`;

/** Milliseconds until the text of something this old changes. */
export const ageStep = (ageMs: number): number => (ageMs < 600_000 ? 1_000 : 60_000);
