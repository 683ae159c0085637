/** `date`, by the cluster's clock. */
import { dateParts } from '../net/clusterDate.ts';
import type { Program } from '../process/process.ts';

const longDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const longMonths = 'January February March April May June July August September October November December'.split(' ');

export const date: Program = async (process) => {
  let ms = process.container.clock.now();
  let template: string | undefined;
  const { args } = process;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg.startsWith('+')) template = arg.slice(1);
    else if (arg === '-d' || arg === '--date' || arg.startsWith('--date=') || /^-d./.test(arg)) {
      const text = arg.startsWith('--date=') ? arg.slice(7) : /^-d./.test(arg) ? arg.slice(2) : (args[++at] ?? '');
      const parsed = parseDate(text, ms);
      if (parsed === undefined) {
        await process.error(`date: invalid date '${text}'\n`);
        return 1;
      }
      ms = parsed;
    } else if (/^-I/.test(arg) || arg.startsWith('--iso-8601')) {
      template = /s/.test(arg.slice(2)) ? '%Y-%m-%dT%H:%M:%S+00:00' : '%Y-%m-%d';
    } else if (arg === '-R') template = '%a, %d %b %Y %H:%M:%S +0000';
    else if (arg !== '-u' && arg !== '--utc') {
      await process.error(arg.startsWith('-') ? `date: unrecognized option: ${arg}\n` : `date: invalid date '${arg}'\n`);
      return 1;
    }
  }
  await process.out(`${formatDate(ms, template ?? '%a %b %e %H:%M:%S UTC %Y')}\n`);
  return 0;
};

export function formatDate(ms: number, template: string): string {
  const at = new Date(ms);
  const { year, month, day, time, monthName, weekday, milliseconds } = dateParts(ms);
  const [hour = '', minute = '', second = ''] = time.split(':');
  const startOfYear = Date.UTC(at.getUTCFullYear(), 0, 1);
  const values: Record<string, string> = {
    a: weekday,
    A: longDays[at.getUTCDay()] ?? '',
    b: monthName,
    h: monthName,
    B: longMonths[at.getUTCMonth()] ?? '',
    c: `${weekday} ${monthName} ${day.replace(/^0/, ' ')} ${time} ${year}`,
    C: year.slice(0, 2),
    d: day,
    D: `${month}/${day}/${year.slice(2)}`,
    e: day.replace(/^0/, ' '),
    F: `${year}-${month}-${day}`,
    H: hour,
    I: String(Number(hour) % 12 || 12).padStart(2, '0'),
    j: String(Math.floor((ms - startOfYear) / 86_400_000) + 1).padStart(3, '0'),
    k: hour.replace(/^0/, ' '),
    m: month,
    M: minute,
    n: '\n',
    N: `${milliseconds}000000`,
    p: Number(hour) < 12 ? 'AM' : 'PM',
    r: `${String(Number(hour) % 12 || 12).padStart(2, '0')}:${minute}:${second} ${Number(hour) < 12 ? 'AM' : 'PM'}`,
    R: `${hour}:${minute}`,
    s: String(Math.floor(ms / 1000)),
    S: second,
    t: '\t',
    T: time,
    u: String(at.getUTCDay() || 7),
    w: String(at.getUTCDay()),
    x: `${month}/${day}/${year.slice(2)}`,
    X: time,
    y: year.slice(2),
    Y: year,
    z: '+0000',
    Z: 'UTC',
    '%': '%',
  };
  return template.replaceAll(/%[-_0]?([a-zA-Z%])/g, (whole, letter: string) => {
    const value = values[letter];
    if (value === undefined) return whole;
    return whole[1] === '-' ? value.replace(/^[0 ]+(?=.)/, '') : value;
  });
}

function parseDate(text: string, now: number): number | undefined {
  if (text.startsWith('@')) return Number(text.slice(1)) * 1000;
  if (text === 'now' || text === '') return now;
  const relative = /^([+-]?\d+) (second|minute|hour|day|week)s?( ago)?$/.exec(text);
  if (relative) {
    const sizes: Record<string, number> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 };
    return now + Number(relative[1]) * (sizes[relative[2] ?? ''] ?? 0) * (relative[3] ? -1 : 1);
  }
  const parsed = Date.parse(/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}${text.includes(':') ? 'Z' : ''}`);
  return Number.isNaN(parsed) ? undefined : parsed;
}
