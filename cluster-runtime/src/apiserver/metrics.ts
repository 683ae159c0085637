/**
 * What the server counts, in Prometheus' text format and under Kubernetes' names. Counting one request is a map look-up
 * and a few additions.
 */
import { performance } from 'node:perf_hooks';
import type { RequestInfo } from './requestInfo.ts';

/** Upper bounds of the latency histogram, in seconds. */
const buckets = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

interface RequestSeries {
  readonly labels: string;
  readonly byCode: Map<number, number>;
  readonly counts: Uint32Array;
  sum: number;
  count: number;
}

export interface Gauge {
  readonly name: string;
  readonly help: string;
  read(): number;
}

const scopeOf = (info: RequestInfo): string =>
  !info.isResource ? '' : info.name ? 'resource' : info.namespace ? 'namespace' : 'cluster';

export class RequestMetrics {
  readonly #series = new Map<string, RequestSeries>();
  readonly #gauges: readonly Gauge[];

  constructor(gauges: readonly Gauge[]) {
    this.#gauges = gauges;
  }

  /** @param startedAt of performance.now(). */
  record(info: RequestInfo, status: number, startedAt: number): void {
    const key = info.isResource
      ? `${info.verb} ${info.group}/${info.version}/${info.resource}/${info.subresource}${info.name ? '!' : ''}${info.namespace ? '.' : ''}`
      : info.verb;
    let series = this.#series.get(key);
    if (!series) {
      const labels = [
        `verb="${info.isResource ? info.verb.toUpperCase() : info.verb.toUpperCase()}"`,
        `group="${escapeLabel(info.group)}"`,
        `version="${escapeLabel(info.version)}"`,
        `resource="${escapeLabel(info.resource)}"`,
        `subresource="${escapeLabel(info.subresource)}"`,
        `scope="${scopeOf(info)}"`,
      ].join(',');
      series = { labels, byCode: new Map(), counts: new Uint32Array(buckets.length), sum: 0, count: 0 };
      this.#series.set(key, series);
    }
    series.byCode.set(status, (series.byCode.get(status) ?? 0) + 1);
    // A watch lasts as long as it is wanted: its length says nothing about the server.
    if (info.verb === 'watch') return;
    const seconds = (performance.now() - startedAt) / 1000;
    series.sum += seconds;
    series.count++;
    for (let i = 0; i < buckets.length; i++) {
      if (seconds <= (buckets[i] ?? 0)) {
        series.counts[i] = (series.counts[i] ?? 0) + 1;
        break;
      }
    }
  }

  text(): string {
    const lines: string[] = [];
    const head = (name: string, type: string, help: string): void => {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    };
    head('apiserver_request_total', 'counter', 'Requests by verb, resource and HTTP response code.');
    for (const { labels, byCode } of this.#series.values()) {
      for (const [code, count] of byCode) lines.push(`apiserver_request_total{code="${code}",${labels}} ${count}`);
    }
    head('apiserver_request_duration_seconds', 'histogram', 'Response latency in seconds by verb and resource.');
    for (const { labels, counts, sum, count } of this.#series.values()) {
      if (count === 0) continue;
      let below = 0;
      buckets.forEach((bound, i) =>
        lines.push(`apiserver_request_duration_seconds_bucket{${labels},le="${bound}"} ${(below += counts[i] ?? 0)}`),
      );
      lines.push(`apiserver_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`);
      lines.push(
        `apiserver_request_duration_seconds_sum{${labels}} ${sum}`,
        `apiserver_request_duration_seconds_count{${labels}} ${count}`,
      );
    }
    const memory = process.memoryUsage();
    const cpu = process.cpuUsage();
    const own: Gauge[] = [
      { name: 'process_resident_memory_bytes', help: 'Resident memory size in bytes.', read: () => memory.rss },
      { name: 'nodejs_heap_size_used_bytes', help: 'Heap in use, in bytes.', read: () => memory.heapUsed },
      {
        name: 'process_start_time_seconds',
        help: 'When the process started, in seconds since the epoch.',
        read: () => performance.timeOrigin / 1000,
      },
      ...this.#gauges,
    ];
    for (const gauge of own) {
      head(gauge.name, 'gauge', gauge.help);
      lines.push(`${gauge.name} ${gauge.read()}`);
    }
    head('process_cpu_seconds_total', 'counter', 'User and system CPU time spent, in seconds.');
    lines.push(`process_cpu_seconds_total ${(cpu.user + cpu.system) / 1e6}`);
    return `${lines.join('\n')}\n`;
  }
}

const escapeLabel = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
