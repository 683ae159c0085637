/** Gets a container's image onto its node as the pull policy says, with the kubelet's events and back-off. */
import { Secret } from '#common/kinds/secret.ts';
import { type ImageInfo, ImagePullError } from '../../containers/containerRuntime.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { PodHost } from '../pod/podHost.ts';
import type { ContainerRecord } from './containerRecord.ts';
import { firstBackOffMs, longestBackOffMs } from './restartPolicy.ts';
import { StartProblem } from './startProblem.ts';

export async function ensureImage(host: PodHost, spec: api.Container, record: ContainerRecord): Promise<ImageInfo> {
  const { runtime, clock } = host.machine.ctx;
  const image = spec.image ?? '';
  const node = host.machine.name;
  checkName(host, record, image);

  const present = runtime.imageOnNode(node, image);
  const policy = spec.imagePullPolicy ?? 'IfNotPresent';
  if (present && policy !== 'Always') {
    host.event(
      record,
      'Normal',
      'Pulled',
      `Container image "${image}" already present on machine and can be accessed by the pod`,
    );
    return present;
  }
  if (policy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    throw new StartProblem('ErrImageNeverPull', message, {
      missing: { kind: 'Image', namespace: node, name: image },
      events: [
        { type: 'Warning', reason: 'ErrImageNeverPull', message },
        { type: 'Warning', reason: 'Failed', message: 'Error: ErrImageNeverPull' },
      ],
    });
  }
  const failed = record.pull?.image === image ? record.pull : undefined;
  if (failed && clock.now() < failed.until) {
    const message = `Back-off pulling image "${image}"`;
    throw new StartProblem('ImagePullBackOff', `${message}: ErrImagePull: ${failed.error}`, {
      events: [
        { type: 'Normal', reason: 'BackOff', message },
        { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
      ],
    });
  }
  return pull(host, record, image, failed?.nextMs ?? firstBackOffMs);
}

function checkName(host: PodHost, record: ContainerRecord, image: string): void {
  try {
    host.machine.ctx.runtime.parseImage(image);
  } catch (error) {
    if (!(error instanceof ImagePullError)) throw error;
    throw new StartProblem('InvalidImageName', error.message, {
      events: [
        { type: 'Warning', reason: 'InspectFailed', message: error.message },
        { type: 'Warning', reason: 'Failed', message: 'Error: InvalidImageName' },
      ],
    });
  }
}

async function pull(host: PodHost, record: ContainerRecord, image: string, backOffMs: number): Promise<ImageInfo> {
  const { runtime, clock } = host.machine.ctx;
  const began = clock.now();
  warnOfPullSecrets(host);
  host.event(record, 'Normal', 'Pulling', `Pulling image "${image}"`);
  try {
    const info = await runtime.pull(host.machine.name, image, host.signal);
    const took = elapsedText(clock.now() - began);
    record.pull = undefined;
    host.machine.shared.waiters.announce({ kind: 'Image', namespace: host.machine.name, name: image });
    host.event(
      record,
      'Normal',
      'Pulled',
      `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${info.sizeBytes} bytes.`,
    );
    return info;
  } catch (error) {
    if (host.signal.aborted || !(error instanceof ImagePullError)) throw error;
    record.pull = {
      image,
      error: error.message,
      until: clock.now() + backOffMs,
      nextMs: Math.min(backOffMs * 2, longestBackOffMs),
    };
    throw new StartProblem('ErrImagePull', error.message, {
      events: [
        { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${error.message}` },
        { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
      ],
    });
  }
}

function warnOfPullSecrets(host: PodHost): void {
  const { pod, machine } = host;
  const { namespace = '' } = pod.metadata;
  const missing = (pod.spec?.imagePullSecrets ?? []).flatMap(({ name = '' }) =>
    machine.ctx.cache.get(Secret, { namespace, name }) ? [] : [name],
  );
  if (missing.length === 0) return;
  const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
  host.event(undefined, 'Warning', 'FailedToRetrieveImagePullSecret', message);
}

/** A duration to the millisecond: `279ms`, `1.2s`, `1m2.5s`. */
export function elapsedText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole === 0) return '0s';
  if (whole < 1000) return `${whole}ms`;
  const minutes = Math.floor(whole / 60_000);
  const seconds = `${(whole % 60_000) / 1000}s`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
