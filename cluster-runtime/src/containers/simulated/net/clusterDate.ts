/** Times as programs print them, from the cluster's milliseconds, in UTC. */

export const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export interface DateParts {
  readonly year: string;
  readonly month: string;
  readonly monthName: string;
  readonly weekday: string;
  readonly day: string;
  readonly time: string;
  readonly milliseconds: string;
}

export function dateParts(ms: number): DateParts {
  const iso = new Date(ms).toISOString();
  const month = iso.slice(5, 7);
  return {
    year: iso.slice(0, 4),
    month,
    monthName: months[Number(month) - 1] ?? '',
    weekday: weekdays[new Date(ms).getUTCDay()] ?? '',
    day: iso.slice(8, 10),
    time: iso.slice(11, 19),
    milliseconds: iso.slice(20, 23),
  };
}

/** `10/Oct/2026:13:55:36 +0000`, as access logs have it. */
export function accessLogTime(ms: number): string {
  const { year, monthName, day, time } = dateParts(ms);
  return `${day}/${monthName}/${year}:${time} +0000`;
}
