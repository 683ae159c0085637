/** The hello-app of Google's tutorials: says hello, its version, and which pod answered. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { type ImageDefinition, layer, simulated } from '../images/image.ts';
import { serveHttp } from '../net/httpService.ts';
import { dateParts } from '../net/clusterDate.ts';
import type { Program } from '../process/process.ts';

function helloApp(version: string): Program {
  return async (process) => {
    const { container } = process;
    const port = Number(process.env.get('PORT') || 8080);
    const log = (text: string): void => {
      const { year, month, day, time } = dateParts(container.clock.now());
      void process.error(`${year}/${month}/${day} ${time} ${text}\n`);
    };
    serveHttp(process, port, (exchange) => {
      log(`Serving request: ${(exchange.request.url ?? '/').split('?')[0]}`);
      exchange.send(
        200,
        { 'Content-Type': 'text/plain; charset=utf-8' },
        `Hello, world!\nVersion: ${version}\nHostname: ${container.spec.pod.hostname}\n`,
      );
    });
    log(`Server listening on port ${port}`);
    const signal = await process.untilSignal('TERM', 'INT');
    // A Go program without a handler of its own dies of the signal.
    return signal === 'TERM' ? 143 : 130;
  };
}

export const helloAppImage: ImageDefinition = {
  ...simulated(imageDescriptions.helloApp),
  build: (tag) => ({
    layers: [layer('distroless-static', 0.9), layer(`hello-app:${tag}`, 4)],
    entrypoint: ['/hello-app'],
    env: { PORT: '8080' },
    exposedPorts: [8080],
    user: { name: 'nonroot', uid: 65532 },
    userland: 'none',
    programs: { '/hello-app': helloApp(`${/^\d+\.\d+/.exec(tag)?.[0] ?? tag}.0`) },
    usage: { cpuMillicores: 0, memoryMebibytes: 3 },
  }),
};
