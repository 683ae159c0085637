/** /healthz, /livez and /readyz: `ok`, or with `?verbose` one line for each check; single checks have addresses of their own. */
import { type Exchange, sendPageNotFound } from './http/exchange.ts';

export interface HealthCheck {
  readonly name: string;
  /** Which of the three addresses include it; all of them unless said. */
  readonly on?: readonly ('healthz' | 'livez' | 'readyz')[];
  /** Throws, or gives false, while the part is not well. */
  check(): boolean;
}

const ping: HealthCheck = { name: 'ping', check: () => true };

function isWell(check: HealthCheck): boolean {
  try {
    return check.check();
  } catch {
    // Whatever a check throws, its part is not well; the check's own component logs why.
    return false;
  }
}

export function handleHealth(exchange: Exchange, checks: readonly HealthCheck[]): void {
  const [, root, name, ...more] = exchange.info.path.split('/');
  const on = root as 'healthz' | 'livez' | 'readyz';
  const own = [ping, ...checks].filter((check) => !check.on || check.on.includes(on));
  if (name) {
    const wanted = [name, ...more].join('/');
    const check = own.find((each) => each.name === wanted);
    if (!check) return sendPageNotFound(exchange);
    if (isWell(check)) return exchange.sendText(200, 'ok');
    return exchange.sendText(500, 'internal server error: not well\n');
  }
  const excluded = new Set(exchange.query.all('exclude'));
  const lines: string[] = [];
  let failed = 0;
  for (const check of own) {
    if (excluded.delete(check.name)) lines.push(`[+]${check.name} excluded: ok\n`);
    else if (isWell(check)) lines.push(`[+]${check.name} ok\n`);
    else {
      failed++;
      lines.push(`[-]${check.name} failed: reason withheld\n`);
    }
  }
  if (excluded.size > 0)
    lines.push(
      `warn: some health checks cannot be excluded: no matches for ${[...excluded].map((n) => JSON.stringify(n)).join(',')}\n`,
    );
  if (failed > 0) return exchange.sendText(500, `${lines.join('')}${root} check failed\n`);
  if (exchange.query.has('verbose')) return exchange.sendText(200, `${lines.join('')}${root} check passed\n`);
  exchange.sendText(200, 'ok');
}
