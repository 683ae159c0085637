/** Starts one container: image, configuration, mounts, and the runtime. Throws StartProblem, or the runtime's error. */
import type * as api from '#common/schema/generated/types.ts';
import type { ContainerSpec, ImageInfo, RunningContainer } from '../../containers/containerRuntime.ts';
import type { PlannedContainer } from '../pod/planPod.ts';
import { type PodHost, podText } from '../pod/podHost.ts';
import type { ContainerRecord } from './containerRecord.ts';
import { mergedEnvironment, ownEnvironment } from './environment.ts';
import { expandReferences } from './expansion.ts';
import { ensureImage } from './imagePull.ts';
import type { Variables } from './serviceEnvironment.ts';
import { StartProblem } from './startProblem.ts';

export async function startContainer(host: PodHost, { spec, record }: PlannedContainer): Promise<RunningContainer> {
  record.info = await ensureImage(host, spec, record);
  requireNonRoot(host, spec, record.info);
  const containerSpec = specOf(host, spec, record);
  const running = await host.machine.ctx.runtime.start(containerSpec);
  host.event(record, 'Normal', 'Created', 'Container created');
  host.event(record, 'Normal', 'Started', 'Container started');
  return running;
}

/** Refuses to run as root what says that it must not. */
function requireNonRoot({ pod }: PodHost, spec: api.Container, image: ImageInfo): void {
  const context = pod.spec?.securityContext;
  if (!(spec.securityContext?.runAsNonRoot ?? context?.runAsNonRoot)) return;
  const asked = spec.securityContext?.runAsUser ?? context?.runAsUser;
  const about = `(pod: "${podText(pod)}", container: ${spec.name})`;
  if (asked === 0) throw new StartProblem('CreateContainerConfigError', `container's runAsUser breaks non-root policy ${about}`);
  if (asked === undefined && image.uid === 0) {
    throw new StartProblem('CreateContainerConfigError', `container has runAsNonRoot and image will run as root ${about}`);
  }
}

/** A host name is cut where DNS would refuse it. */
const longestHostname = 63;

export function hostnameOf(pod: api.Pod, node: string): string {
  if (pod.spec?.hostNetwork) return node;
  return (
    pod.spec?.hostnameOverride ?? pod.spec?.hostname ?? (pod.metadata.name ?? '').slice(0, longestHostname).replace(/[.-]+$/, '')
  );
}

function specOf(host: PodHost, spec: api.Container, record: ContainerRecord): ContainerSpec {
  const { machine, pod, self } = host;
  const { metadata } = pod;
  const links = pod.spec?.enableServiceLinks !== false;
  const services = machine.shared.services.of(metadata.namespace ?? '', links);
  const own = ownEnvironment(machine.ctx.cache, self, spec, services);
  const valueOf = (name: string): string | undefined =>
    own.get(name) ?? (Object.hasOwn(services, name) ? services[name] : undefined);
  const expand = (text: string): string => expandReferences(text, valueOf);
  // What reading the environment costs is paid when a program reads it, not for every quiet container.
  let env: Variables | undefined;
  return {
    id: newContainerId(host),
    pod: {
      namespace: metadata.namespace ?? '',
      name: metadata.name ?? '',
      uid: metadata.uid ?? '',
      ip: self.podIP,
      hostname: hostnameOf(pod, machine.name),
      node: machine.name,
    },
    name: spec.name,
    image: spec.image ?? '',
    ...(spec.command?.length ? { command: spec.command.map(expand) } : {}),
    ...(spec.args?.length ? { args: spec.args.map(expand) } : {}),
    ...(spec.workingDir ? { workingDir: spec.workingDir } : {}),
    get env() {
      return (env ??= mergedEnvironment(services, own));
    },
    ports: (spec.ports ?? []).map((port) => ({ port: port.containerPort, protocol: port.protocol ?? 'TCP' })),
    mounts: host.volumes.mounts(spec, expand),
    tty: spec.tty === true,
    stdin: spec.stdin === true,
    ...(spec.stdinOnce ? { stdinOnce: true } : {}),
    runsToCompletion: record.kind === 'init' || isOfJob(pod),
    ...(spec.terminationMessagePath ? { terminationMessagePath: spec.terminationMessagePath } : {}),
  };
}

const isOfJob = (pod: api.Pod): boolean =>
  pod.spec?.restartPolicy !== 'Always' && (pod.metadata.ownerReferences?.some((owner) => owner.kind === 'Job') ?? false);

/** 64 hexadecimal digits, as container runtimes name what they run. */
export function newContainerId(host: PodHost): string {
  const { random } = host.machine.ctx;
  let id = '';
  for (let i = 0; i < 8; i++)
    id += random
      .int(2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return id;
}
