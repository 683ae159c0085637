import { forwardPort, type PortForward } from '#apiClient/streams/portForward.ts';
import { resourcePath } from '#apiClient/apiPath.ts';
import type { Pod, Service } from '#common/schema/generated/types.ts';
import { text } from '../flags.ts';
import { plainError, usageError } from '../kubectlError.ts';
import { onePod } from '../pods.ts';
import type { Session } from '../session.ts';
import type { Verb } from './verb.ts';

export const portForward: Verb = {
  summary: 'Forward one or more local ports to a pod.',
  usage: 'TYPE/NAME [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N] [options]',
  flags: { address: { kind: 'commaList' }, 'pod-running-timeout': text },
  async run(session) {
    const { args, io, flags } = session;
    const [given, ...pairs] = args;
    if (given === undefined || pairs.length === 0)
      throw usageError('kubectl port-forward', 'TYPE/NAME and list of ports are required for port-forward');
    if (flags.list('address').some((address) => address !== 'localhost' && address !== '127.0.0.1'))
      throw plainError('this kubectl forwards from 127.0.0.1 only');
    const pod = await onePod(session, given);
    if (pod.status?.phase !== 'Running')
      throw plainError(`unable to forward port because pod is not running. Current status=${pod.status?.phase ?? ''}`);
    const service = await serviceOf(session, given);
    const api = await session.api();
    const { namespace = '', name = '' } = pod.metadata;
    const open: PortForward[] = [];
    try {
      for (const pair of pairs) {
        const [, local, remote] = /^(?:(\d*):)?([\w-]+)$/.exec(pair) ?? [];
        if (remote === undefined) throw plainError(`invalid port format '${pair}'`);
        const port = targetPort(pod, service, remote);
        const wanted =
          local === undefined ? Number(service ? (servicePort(service, remote)?.port ?? remote) : port) : Number(local || 0);
        const forward = await forwardPort(api, { namespace, pod: name, port }, wanted, (error) =>
          io.err(`error: ${error.message}\n`),
        ).catch((error: NodeJS.ErrnoException) => {
          throw error.code === 'EADDRINUSE'
            ? plainError(`unable to listen on any of the requested ports: [{${wanted} ${port}}]`)
            : error;
        });
        open.push(forward);
        io.out(`Forwarding from 127.0.0.1:${forward.localPort} -> ${port}\n`);
      }
      await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
    } finally {
      await Promise.all(open.map((forward) => forward.close()));
    }
  },
};

async function serviceOf(session: Session, given: string): Promise<Service | undefined> {
  const [type = '', name = ''] = given.split('/');
  if (!given.includes('/') || (await (await session.resources()).find(type)).kind !== 'Service') return undefined;
  return (await session.api()).get<Service>(resourcePath('v1', 'services', await session.namespace(), name));
}

const servicePort = ({ spec }: Service, given: string): { port: number; targetPort?: string | number } | undefined =>
  spec?.ports?.find(({ name, port }) => name === given || String(port) === given);

/** A port of the pod: by number, by its name, or as the Service sends it on. */
function targetPort(pod: Pod, service: Service | undefined, given: string): number {
  let wanted: string | number = given;
  if (service) {
    const found = servicePort(service, given);
    if (!found) throw plainError(`Service ${service.metadata.name ?? ''} does not have a service port ${given}`);
    wanted = found.targetPort ?? found.port;
  }
  if (/^\d+$/.test(String(wanted))) return Number(wanted);
  const named = pod.spec?.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === wanted);
  if (!named) throw plainError(`Pod '${pod.metadata.name ?? ''}' does not have a named port '${wanted}'`);
  return named.containerPort;
}
