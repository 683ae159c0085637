/** `curl` for HTTP and HTTPS, with its exit codes and messages. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ConnectionError } from '../../../network/network.ts';
import { FileError } from '../files/fileError.ts';
import { resolvePath } from '../files/path.ts';
import { dial, lookUp } from '../net/dial.ts';
import { bodyOf, HttpProtocolError, requestOver } from '../net/httpClient.ts';
import { secure, TlsError } from '../net/secure.ts';
import { type ByteSink, nullSink } from '../process/byteStream.ts';
import type { Process, Program } from '../process/process.ts';
import { openSink, standardStreams } from '../shell/streams.ts';
import { type CurlOptions, CurlUsage, parseCurl } from './curlOptions.ts';
import { parseTarget, resolveTarget, type Target } from './url.ts';

const version = '8.14.1';
const mostRedirects = 50;

class CurlError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const curl: Program = async (process) => {
  let options: CurlOptions;
  try {
    options = parseCurl(process.args, (path) => process.container.files.readText(resolvePath(process.cwd, path)));
  } catch (error) {
    if (error instanceof FileError) {
      await process.error(`curl: option -d: error encountered when reading a file\n`);
      return 26;
    }
    if (!(error instanceof CurlUsage)) throw error;
    await process.error(`curl: ${error.message}\ncurl: try 'curl --help' or 'curl --manual' for more information\n`);
    return 2;
  }
  if (options.version) {
    await process.out(`curl ${version} (x86_64-pc-linux-gnu) libcurl/${version}\nProtocols: http https\n`);
    return 0;
  }
  if (options.urls.length === 0) {
    await process.error("curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n");
    return 2;
  }
  let status = 0;
  for (const url of options.urls) status = await fetchWithRetries(process, options, url);
  return status;
};

async function fetchWithRetries(process: Process, options: CurlOptions, url: string): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const transfer = new Transfer(process, options, url);
    const failed = await transfer.run();
    if (!failed) return 0;
    const transient =
      failed.code === 28 || failed.code === 7
        ? failed.code === 28 || options.retryAll
        : options.retryAll || transfer.status >= 500;
    if (attempt < options.retry && transient) {
      await process.sleep((options.retryDelay || 2 ** attempt) * 1000);
      continue;
    }
    if (!options.silent || options.showError) await process.error(`curl: (${failed.code}) ${failed.message}\n`);
    return failed.code;
  }
}

class Transfer {
  status = 0;
  readonly #process: Process;
  readonly #options: CurlOptions;
  readonly #url: string;
  readonly #began: number;
  #sink: ByteSink | undefined;
  #received = 0;
  #sent = 0;
  #remote = '';
  #type = '';
  #redirects = 0;

  constructor(process: Process, options: CurlOptions, url: string) {
    this.#process = process;
    this.#options = options;
    this.#url = url;
    this.#began = process.container.clock.now();
  }

  async run(): Promise<CurlError | undefined> {
    const { maxTime } = this.#options;
    const work = this.#transfer().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof CurlError) return error;
        throw error;
      },
    );
    const expired =
      maxTime === undefined
        ? undefined
        : this.#process
            .sleep(maxTime)
            .then(
              () => new CurlError(28, `Operation timed out after ${maxTime} milliseconds with ${this.#received} bytes received`),
            );
    const failed = await (expired ? Promise.race([work, expired]) : work);
    await this.#finish();
    return failed;
  }

  async #transfer(): Promise<void> {
    const { head, data, getData, form, location, fail, failWithBody } = this.#options;
    let target = parseTarget(this.#url);
    if (!target) throw new CurlError(3, 'URL rejected: Malformed input to a URL function');
    const hasBody = data.length > 0 && !getData;
    if (data.length > 0 && getData)
      target = { ...target, path: `${target.path}${target.path.includes('?') ? '&' : '?'}${data.join('&')}` };
    let method = this.#options.method ?? (head ? 'HEAD' : hasBody ? 'POST' : 'GET');
    let body = hasBody ? Buffer.from(form ? formBody(data) : data.join('&')) : undefined;
    for (;;) {
      const response: IncomingMessage = await this.#request(target, method, body);
      this.status = response.statusCode ?? 0;
      const next: string | undefined = response.headers.location;
      if (location && next !== undefined && this.status >= 300 && this.status < 400) {
        if (++this.#redirects > mostRedirects) throw new CurlError(47, `Maximum (${mostRedirects}) redirects followed`);
        await this.#showHead(response);
        response.resume();
        const followed = resolveTarget(target, next);
        if (!followed) throw new CurlError(3, 'URL rejected: Malformed input to a URL function');
        target = followed;
        if (this.status !== 307 && this.status !== 308 && !this.#options.method) {
          method = method === 'HEAD' ? 'HEAD' : 'GET';
          body = undefined;
        }
        continue;
      }
      if (fail && this.status >= 400) {
        response.resume();
        throw new CurlError(22, `The requested URL returned error: ${this.status}`);
      }
      await this.#showHead(response);
      await this.#showBody(response);
      if (failWithBody && this.status >= 400) throw new CurlError(22, `The requested URL returned error: ${this.status}`);
      return;
    }
  }

  async #request(target: Target, method: string, body: Buffer | undefined): Promise<IncomingMessage> {
    const process = this.#process;
    const options = this.#options;
    if (target.scheme !== 'http' && target.scheme !== 'https')
      throw new CurlError(1, `Protocol "${target.scheme}" not supported`);
    const address = this.#resolve(target);
    if (options.verbose)
      await process.error(
        `* Host ${target.host}:${target.port} was resolved.\n* IPv4: ${address}\n*   Trying ${address}:${target.port}...\n`,
      );
    const plain = await this.#connect(target, address);
    const socket = target.scheme === 'https' ? await this.#secure(plain, target.host) : plain;
    this.#remote = address;
    const headers = this.#headers(target, body);
    if (options.verbose) {
      await process.error(
        `* Connected to ${target.host} (${address}) port ${target.port}\n> ${method} ${target.path} HTTP/1.1\n${headers.map(([name, value]) => `> ${name}: ${value}\n`).join('')}> \n`,
      );
    }
    this.#sent += body?.length ?? 0;
    try {
      return await requestOver(socket, { method, path: target.path, headers, ...(body ? { body } : {}) });
    } catch (error) {
      if (!(error instanceof HttpProtocolError)) throw error;
      throw error.kind === 'empty'
        ? new CurlError(52, 'Empty reply from server')
        : new CurlError(1, 'Received HTTP/0.9 when not allowed');
    }
  }

  #resolve(target: Target): string {
    for (const entry of this.#options.resolve) {
      const [host, port, address] = entry.split(':');
      if ((host === target.host || host === '*') && Number(port) === target.port && address) return address;
    }
    const [address] = lookUp(this.#process.container, target.host);
    if (address === undefined) throw new CurlError(6, `Could not resolve host: ${target.host}`);
    return address;
  }

  async #connect(target: Target, address: string): ReturnType<typeof dial> {
    try {
      return await dial(this.#process, address, target.port, this.#options.connectTimeout);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const ms = this.#process.container.clock.now() - this.#began;
      if (error.code === 'ETIMEDOUT') {
        const { connectTimeout } = this.#options;
        if (connectTimeout !== undefined) throw new CurlError(28, `Connection timed out after ${ms} milliseconds`);
        throw new CurlError(
          28,
          `Failed to connect to ${target.host} port ${target.port} after ${ms} ms: Could not connect to server`,
        );
      }
      throw new CurlError(
        7,
        `Failed to connect to ${target.host} port ${target.port} after ${ms} ms: Could not connect to server`,
      );
    }
  }

  async #secure(socket: Duplex, host: string): Promise<Duplex> {
    const { cacert, insecure } = this.#options;
    const { container, cwd } = this.#process;
    try {
      const ca = cacert === undefined ? undefined : container.files.readText(resolvePath(cwd, cacert));
      return await secure(socket, { host, ca, verify: !insecure });
    } catch (error) {
      if (error instanceof FileError) {
        socket.destroy();
        throw new CurlError(77, `error setting certificate verify locations:  CAfile: ${cacert} CApath: none`);
      }
      if (!(error instanceof TlsError)) throw error;
      if (error.kind === 'protocol')
        throw new CurlError(35, 'TLS connect error: error:0A00010B:SSL routines::wrong version number');
      const problem =
        error.kind === 'name'
          ? `SSL: no alternative certificate subject name matches target host name '${host}'`
          : `SSL certificate problem: ${error.message}`;
      throw new CurlError(60, `${problem}\n${moreOnCertificates}`);
    }
  }

  #headers(target: Target, body: Buffer | undefined): [string, string][] {
    const options = this.#options;
    const credentials = options.user ?? target.credentials;
    const defaults: [string, string][] = [
      ['Host', target.hostHeader],
      ...(credentials === undefined
        ? []
        : [['Authorization', `Basic ${Buffer.from(credentials).toString('base64')}`] as [string, string]]),
      ['User-Agent', options.agent ?? `curl/${version}`],
      ['Accept', '*/*'],
      ...(body
        ? ([
            ['Content-Length', String(body.length)],
            ['Content-Type', options.form ? `multipart/form-data; boundary=${boundary}` : 'application/x-www-form-urlencoded'],
          ] as [string, string][])
        : []),
    ];
    const given = new Set(options.headers.map(([name]) => name.toLowerCase()));
    return [
      ...defaults.filter(([name]) => !given.has(name.toLowerCase())),
      ...options.headers.filter(([, value]) => value !== ''),
    ];
  }

  async #showHead(response: IncomingMessage): Promise<void> {
    const { include, head, verbose, dumpHeader } = this.#options;
    const lines = [`HTTP/${response.httpVersion} ${response.statusCode} ${response.statusMessage}`];
    for (let i = 0; i < response.rawHeaders.length; i += 2)
      lines.push(`${response.rawHeaders[i]}: ${response.rawHeaders[i + 1]}`);
    this.#type = response.headers['content-type'] ?? '';
    const text = `${lines.join('\r\n')}\r\n\r\n`;
    if (verbose) await this.#process.error(`* Request completely sent off\n${lines.map((line) => `< ${line}\n`).join('')}< \n`);
    if (include || head) await this.#process.write(text, await this.#output());
    if (dumpHeader !== undefined)
      await this.#process.write(text, dumpHeader === '-' ? this.#process.stdout : this.#open(dumpHeader));
  }

  async #showBody(response: IncomingMessage): Promise<void> {
    const sink = await this.#output();
    try {
      for await (const chunk of bodyOf(this.#process, response)) {
        this.#received += chunk.length;
        await this.#process.write(chunk, sink);
      }
    } catch (error) {
      if (!(error instanceof HttpProtocolError)) throw error;
      throw new CurlError(18, `transfer closed with outstanding read data remaining`);
    }
  }

  async #output(): Promise<ByteSink> {
    if (this.#sink) return this.#sink;
    const { output, remoteName } = this.#options;
    const name = remoteName ? (/[^/?]+(?=\?|$)/.exec(parseTarget(this.#url)?.path ?? '')?.[0] ?? 'curl_response') : output;
    return (this.#sink =
      name === undefined || name === '-' ? this.#process.stdout : name === '/dev/null' ? nullSink : this.#open(name));
  }

  #open(path: string): ByteSink {
    const process = this.#process;
    try {
      return openSink(process, standardStreams(process.stdin, process.stdout, process.stderr), process.cwd, path, false);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new CurlError(23, `Failure writing output to destination, passed 0 returned ${error.message}`);
    }
  }

  async #finish(): Promise<void> {
    const { silent, writeOut } = this.#options;
    // curl shows its meter only where the output does not mix with it.
    const seen = this.#process.terminal !== undefined && (this.#sink ?? this.#process.stdout) === this.#process.stdout;
    if (!silent && !seen && !this.#options.verbose) await this.#process.error(this.#meter());
    if (writeOut !== undefined) await this.#process.out(this.#expandWriteOut(writeOut));
  }

  #meter(): string {
    const size = String(this.#received).padStart(5);
    const none = '--:--:--';
    return (
      '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n' +
      '                                 Dload  Upload   Total   Spent    Left  Speed\n' +
      `\r${this.#received > 0 ? '100' : '  0'} ${size}  ${this.#received > 0 ? '100' : '  0'} ${size}    0 ${String(this.#sent).padStart(5)}      0      0 ${none} ${none} ${none}     0\n`
    );
  }

  #expandWriteOut(template: string): string {
    const seconds = ((this.#process.container.clock.now() - this.#began) / 1000).toFixed(6);
    const values: Record<string, string> = {
      http_code: String(this.status).padStart(3, '0'),
      response_code: String(this.status).padStart(3, '0'),
      size_download: String(this.#received),
      size_upload: String(this.#sent),
      time_total: seconds,
      time_connect: '0.000000',
      time_namelookup: '0.000000',
      time_starttransfer: seconds,
      speed_download: '0',
      remote_ip: this.#remote,
      content_type: this.#type,
      num_redirects: String(this.#redirects),
      url: this.#url,
      url_effective: this.#url,
      method: this.#options.method ?? 'GET',
      exitcode: '0',
    };
    return template
      .replaceAll(/%\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : ''))
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t')
      .replaceAll('\\r', '\r')
      .replaceAll('%%', '%');
  }
}

const moreOnCertificates = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the webpage mentioned above.`;

const boundary = '------------------------7d1f3c9a5e2b4860';

function formBody(fields: readonly string[]): string {
  const parts = fields.map((field) => {
    const at = field.indexOf('=');
    return `--${boundary}\r\nContent-Disposition: form-data; name="${field.slice(0, at)}"\r\n\r\n${field.slice(at + 1)}\r\n`;
  });
  return `${parts.join('')}--${boundary}--\r\n`;
}
