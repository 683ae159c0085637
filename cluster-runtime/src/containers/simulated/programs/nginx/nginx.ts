/**
 * The nginx web server: reads its configuration from the container's files, serves files, returns, redirects and
 * proxies, and logs as the image does. Made for the configurations that manifests bring.
 *
 * Differs from Kubernetes: one process answers; there are no workers, no TLS, and no streams (`stream {}`).
 */
import { ConnectionError } from '../../../../network/network.ts';
import { FileError } from '../../files/fileError.ts';
import { accessLogTime, dateParts } from '../../net/clusterDate.ts';
import { type HttpExchange, serveHttp } from '../../net/httpService.ts';
import { becomeCommand } from '../../process/entrypoint.ts';
import type { SimulatedContainer } from '../../process/container.ts';
import type { Process, Program } from '../../process/process.ts';
import { ConfigError, readConfig } from './config.ts';
import { answerRequest } from './handle.ts';
import { defaultSite, mainConfig, reasons } from './pages.ts';
import { buildSites, chooseSite, type Sites } from './sites.ts';

const mainFile = '/etc/nginx/nginx.conf';
const siteFile = '/etc/nginx/conf.d/default.conf';
/** For `nginx -s`. */
const masters = new WeakMap<SimulatedContainer, Master>();

/** The configuration of the untouched image: shared, so that ten thousand of them cost nothing. */
let stockSites: Sites | undefined;

function loadSites(process: Process, file: string): Sites {
  const { container } = process;
  const touched = ['/etc/nginx', '/etc/nginx/conf.d', mainFile, siteFile].some((path) => container.ownFile(path) !== undefined);
  if (!touched && file === mainFile && stockSites) return stockSites;
  const sites = buildSites(readConfig(container, file));
  const isStock =
    !touched &&
    file === mainFile &&
    container.files.readText(mainFile) === mainConfig &&
    container.files.readText(siteFile) === defaultSite;
  if (isStock) stockSites = sites;
  return sites;
}

let noticeCache: { key: string; lines: readonly string[] } = { key: '', lines: [] };

/** Lines are the same for all who start in the same second. */
function startLines(now: number, version: string, quiet: boolean): readonly string[] {
  const { year, month, day, time } = dateParts(now);
  const at = `${year}/${month}/${day} ${time}`;
  const key = `${at} ${version} ${quiet}`;
  if (noticeCache.key === key) return noticeCache.lines;
  const entrypoint = quiet
    ? []
    : [
        '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
        '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
        '/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh',
        '10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf',
        '10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf',
        '/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh',
        '/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh',
        '/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh',
        '/docker-entrypoint.sh: Configuration complete; ready for start up',
      ];
  const notices = [
    'using the "epoll" event method',
    `nginx/${version}`,
    'built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1) ',
    'OS: Linux 6.12.0-playground',
    'getrlimit(RLIMIT_NOFILE): 1048576:1048576',
    'start worker processes',
    'start worker process 29',
  ];
  noticeCache = { key, lines: [...entrypoint, ...notices.map((text) => `${at} [notice] 1#1: ${text}`)] };
  return noticeCache.lines;
}

/** `/docker-entrypoint.sh nginx …`, or any other command behind it. */
export function nginxEntrypoint(version: string): Program {
  const nginx = nginxProgram(version, true);
  return (process) =>
    process.argv[1] === 'nginx' ? process.become(nginx, { argv: process.args }) : becomeCommand(process, process.args);
}

export function nginxProgram(version: string, behindEntrypoint = false): Program {
  return async (process) => {
    const { args } = process;
    const valueOf = (flag: string): string | undefined => {
      const at = args.indexOf(flag);
      return at < 0 ? undefined : args[at + 1];
    };
    const file = valueOf('-c') ?? mainFile;
    if (args.includes('-v')) return report(process, `nginx version: nginx/${version}\n`);
    if (args.includes('-V'))
      return report(
        process,
        `nginx version: nginx/${version}\nbuilt by gcc 12.2.0 (Debian 12.2.0-14+deb12u1) \nTLS SNI support enabled\n`,
      );
    const signal = valueOf('-s');
    if (signal !== undefined) return sendToMaster(process, signal);

    let sites: Sites;
    try {
      sites = loadSites(process, file);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      await logProblem(process, 'emerg', error.message);
      if (args.includes('-t') || args.includes('-T')) await process.error(`nginx: configuration file ${file} test failed\n`);
      return 1;
    }
    if (args.includes('-t') || args.includes('-T')) {
      await process.error(
        `nginx: the configuration file ${file} syntax is ok\nnginx: configuration file ${file} test is successful\n`,
      );
      return 0;
    }
    // Without `daemon off;` nginx goes to the background, and the container ends with its first process.
    if (sites.daemon && !/daemon\s+off/.test(valueOf('-g') ?? '')) return 0;

    process.container.log.open('stderr', startLines(process.container.clock.now(), version, !behindEntrypoint));
    const master = new Master(process, version, sites, file);
    if (!master.open()) {
      await process.error('nginx: [emerg] still could not bind()\n');
      return 1;
    }
    masters.set(process.container, master);
    while ((await process.untilSignal('TERM', 'INT', 'QUIT', 'HUP')) === 'HUP') master.reload();
    return 0;
  };
}

async function report(process: Process, text: string): Promise<number> {
  await process.error(text);
  return 0;
}

async function sendToMaster(process: Process, signal: string): Promise<number> {
  const signals = { stop: 'TERM', quit: 'QUIT', reload: 'HUP' } as const;
  if (!Object.hasOwn(signals, signal)) {
    await process.error(`nginx: invalid option: "-s ${signal}"\n`);
    return 1;
  }
  const master = masters.get(process.container);
  if (!master || master.process.ended) {
    await process.error('nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n');
    return 1;
  }
  void logProblem(process, 'notice', 'signal process started');
  master.process.kill(signals[signal as keyof typeof signals]);
  return 0;
}

async function logProblem(process: Process, level: string, message: string): Promise<void> {
  const { year, month, day, time } = dateParts(process.container.clock.now());
  if (level === 'emerg')
    await process.error(
      `${year}/${month}/${day} ${time} [emerg] ${process.pid}#${process.pid}: ${message}\nnginx: [emerg] ${message}\n`,
    );
  else await process.error(`${year}/${month}/${day} ${time} [${level}] ${process.pid}#${process.pid}: ${message}\n`);
}

class Master {
  readonly process: Process;
  readonly #version: string;
  readonly #file: string;
  #sites: Sites;
  #connections = 0;

  constructor(process: Process, version: string, sites: Sites, file: string) {
    this.process = process;
    this.#version = version;
    this.#sites = sites;
    this.#file = file;
  }

  /** False when a port is taken. */
  open(): boolean {
    for (const port of new Set(this.#sites.sites.flatMap(({ ports }) => ports))) {
      if (this.process.container.listensOn(port)) continue;
      try {
        serveHttp(this.process, port, (exchange) => this.#handle(exchange, port));
      } catch (error) {
        if (error instanceof ConnectionError) throw error;
        void logProblem(this.process, 'emerg', `bind() to 0.0.0.0:${port} failed (98: Address already in use)`);
        return false;
      }
    }
    return true;
  }

  reload(): void {
    try {
      this.#sites = loadSites(this.process, this.#file);
      this.open();
    } catch (error) {
      if (!(error instanceof ConfigError) && !(error instanceof FileError)) throw error;
      void logProblem(this.process, 'emerg', error.message);
    }
  }

  async #handle(exchange: HttpExchange, port: number): Promise<void> {
    const { request, from } = exchange;
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    const site = chooseSite(this.#sites.sites, port, host);
    if (!site) return void exchange.response.destroy();
    const answer = await answerRequest({
      process: this.process,
      version: this.#version,
      sites: this.#sites,
      site,
      exchange,
      port,
    });
    const connection = ++this.#connections;
    if (answer.status === 444) return void exchange.response.destroy();
    exchange.response.statusMessage = reasons[answer.status] ?? '';
    exchange.send(answer.status, { Server: `nginx/${this.#version}`, ...answer.headers }, answer.body);
    const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`;
    if (answer.problem) {
      const { year, month, day, time } = dateParts(this.process.container.clock.now());
      const hostPart = request.headers.host ? `, host: "${request.headers.host}"` : '';
      void this.process.error(
        `${year}/${month}/${day} ${time} [error] 29#29: *${connection} ${answer.problem}, client: ${from}, server: ${site.names[0] ?? ''}, request: "${line}"${hostPart}\n`,
      );
    }
    const { referer = '-', 'user-agent': agent = '-', 'x-forwarded-for': forwarded = '-' } = request.headers;
    void this.process.out(
      `${from} - - [${accessLogTime(this.process.container.clock.now())}] "${line}" ${answer.status} ${exchange.sentBytes} "${referer}" "${agent}" "${String(forwarded)}"\n`,
    );
  }
}
