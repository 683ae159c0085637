/** Apache's web server, and the two tutorial images that are built on it. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { alpineLayer, debianLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { accessLogTime, dateParts } from '../net/clusterDate.ts';
import { type HttpExchange, serveHttp } from '../net/httpService.ts';
import { staticFile } from '../net/staticFiles.ts';
import type { Process, Program } from '../process/process.ts';

export interface ApacheOptions {
  readonly version: string;
  readonly server: string;
  readonly root: string;
  readonly command: string;
  /** Answers before the files do. */
  readonly answer?: (process: Process, exchange: HttpExchange) => Promise<boolean>;
}

const reasons: Readonly<Record<number, readonly [title: string, text: string]>> = {
  403: ['Forbidden', "You don't have permission to access this resource."],
  404: ['Not Found', 'The requested URL was not found on this server.'],
  405: ['Method Not Allowed', 'The requested method is not allowed for this URL.'],
};

function errorPage(status: number): string {
  const [title, text] = reasons[status] ?? ['Error', 'The request could not be served.'];
  return `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body></html>\n`;
}

function noticeTime(process: Process): string {
  const { weekday, monthName, day, time, milliseconds, year } = dateParts(process.container.clock.now());
  return `[${weekday} ${monthName} ${day} ${time}.${milliseconds}000 ${year}]`;
}

export function apache(options: ApacheOptions): Program {
  return async (process) => {
    const { container } = process;
    if (process.args.includes('-v')) {
      await process.out(`Server version: Apache/${options.version} (${options.server})\n`);
      return 0;
    }
    const notice = (text: string): void => void process.error(`${noticeTime(process)} ${text}\n`);
    const unnamed = `AH00558: ${options.command.split(' ')[0]}: Could not reliably determine the server's fully qualified domain name, using ${container.spec.pod.ip}. Set the 'ServerName' directive globally to suppress this message\n`;
    void process.error(unnamed + unnamed);
    try {
      serveHttp(process, 80, async (exchange) => {
        if (!(await options.answer?.(process, exchange))) answerFile(process, options, exchange);
        const { request, response, from } = exchange;
        void process.out(
          `${from} - - [${accessLogTime(container.clock.now())}] "${request.method} ${request.url} HTTP/${request.httpVersion}" ${response.statusCode} ${exchange.sentBytes || '-'}\n`,
        );
      });
    } catch {
      await process.error(
        '(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n',
      );
      return 1;
    }
    notice(
      `[mpm_event:notice] [pid 1:tid 1] AH00489: Apache/${options.version} (${options.server}) configured -- resuming normal operations`,
    );
    notice(`[core:notice] [pid 1:tid 1] AH00094: Command line: '${options.command}'`);
    const signal = await process.untilSignal('TERM', 'INT', 'WINCH');
    notice(
      `[mpm_event:notice] [pid 1:tid 1] ${signal === 'WINCH' ? 'AH00492: caught SIGWINCH, shutting down gracefully' : 'AH00491: caught SIGTERM, shutting down'}`,
    );
    return 0;
  };
}

function answerFile(process: Process, { version, server, root }: ApacheOptions, exchange: HttpExchange): void {
  const { method, url = '/' } = exchange.request;
  const product = { Server: `Apache/${version} (${server})` };
  const refuse = (status: number): void =>
    exchange.send(status, { ...product, 'Content-Type': 'text/html; charset=iso-8859-1' }, errorPage(status));
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return refuse(405);
  const found = staticFile(process.container, root, url.split('?')[0] ?? '/', ['index.html']);
  if (found.kind === 'missing') return refuse(404);
  if (found.kind === 'forbidden') return refuse(403);
  if (found.kind === 'redirect')
    return exchange.send(
      301,
      { ...product, Location: found.to, 'Content-Type': 'text/html; charset=iso-8859-1' },
      errorPage(301),
    );
  const headers = { 'Last-Modified': new Date(found.mtime).toUTCString(), 'Accept-Ranges': 'bytes', 'Content-Type': found.type };
  exchange.send(200, { ...product, ...headers }, found.bytes);
}

const documents = '/usr/local/apache2/htdocs';

export const httpdImage: ImageDefinition = {
  ...simulated(imageDescriptions.httpd),
  build(tag) {
    const version = /^2\.4\.\d+/.exec(tag)?.[0] ?? '2.4.65';
    const alpine = tag.includes('alpine');
    const server = apache({ version, server: 'Unix', root: documents, command: 'httpd -D FOREGROUND' });
    return {
      layers: alpine ? [alpineLayer, layer(`httpd:${version}-alpine`, 19)] : [debianLayer, layer(`httpd:${version}`, 18)],
      cmd: ['httpd-foreground'],
      env: {
        PATH: '/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HTTPD_PREFIX: '/usr/local/apache2',
        HTTPD_VERSION: version,
      },
      workingDir: '/usr/local/apache2',
      exposedPorts: [80],
      stopSignal: 'WINCH',
      userland: alpine ? 'alpine' : 'debian',
      programs: { '/usr/local/bin/httpd-foreground': server, '/usr/local/apache2/bin/httpd': server },
      files: () => ({ [`${documents}/index.html`]: '<html><body><h1>It works!</h1></body></html>\n' }),
      usage: { cpuMillicores: 1, memoryMebibytes: 8 },
    };
  },
};

/** Processor time that a request costs: enough for a handful of clients to call for more replicas. */
const requestCpuMs = 80;

export const hpaExampleImage: ImageDefinition = {
  ...simulated(imageDescriptions.hpaExample),
  build: () => ({
    layers: [debianLayer, layer('hpa-example', 154)],
    cmd: ['apache2-foreground'],
    exposedPorts: [80],
    stopSignal: 'WINCH',
    userland: 'debian',
    programs: {
      '/usr/local/bin/apache2-foreground': apache({
        version: '2.4.10',
        server: 'Debian',
        root: '/var/www/html',
        command: 'apache2 -D FOREGROUND',
        answer: async (process, exchange) => {
          process.container.countWork(requestCpuMs);
          if (process.container.host.takesTime) await process.sleep(requestCpuMs);
          exchange.send(
            200,
            { Server: 'Apache/2.4.10 (Debian)', 'X-Powered-By': 'PHP/5.6.14', 'Content-Type': 'text/html; charset=UTF-8' },
            'OK!',
          );
          return true;
        },
      }),
    },
    usage: { cpuMillicores: 1, memoryMebibytes: 11 },
  }),
};
