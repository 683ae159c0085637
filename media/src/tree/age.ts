/** How long ago, in one unit, changing from one to the next where `kubectl get` does: a column of them stays narrow. */
export function ageText(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  return days < 730 ? `${days}d` : `${Math.floor(days / 365)}y`;
}

/** Milliseconds until the text of something this old may change. */
export const ageStep = (ageMs: number): number => (ageMs < 120_000 ? 1_000 : 30_000);
