/** A pod's containers as cards: what they run, how they are, how they were before, what they may use and what they see. */
import { humanDuration } from '#common/api/duration.ts';
import type { Block, DetailValue } from '#common/protocol/details.ts';
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import { filled, type TreeTexts } from '#common/protocol/treeTexts.ts';
import type { RowState } from '#common/protocol/webview.ts';
import type * as api from '#common/schema/generated/types.ts';
import { code, facts, labels, list, table, text, texts, time } from '../blocks.ts';
import { containerState } from '../objectState.ts';
import { envRows } from './environment.ts';
import { probeText } from './probeText.ts';

export interface ContainerOptions {
  readonly kind: 'main' | 'init' | 'ephemeral' | 'template';
  readonly namespace: string;
  readonly texts: DetailsTexts;
  readonly stateTexts: TreeTexts;
}

/** `status` is absent for a template's containers, which never run. */
export function containerCard(
  container: api.Container,
  status: api.ContainerStatus | undefined,
  options: ContainerOptions,
): Block {
  const { texts: t, stateTexts, kind, namespace } = options;
  const isSidecar = kind === 'init' && container.restartPolicy === 'Always';
  const look: { state: RowState; why?: string } =
    kind === 'template' ? { state: 'none' } : containerState(container, status, kind === 'init' && !isSidecar, stateTexts);
  const role = isSidecar
    ? t.sidecar
    : kind === 'init'
      ? t.initContainer
      : kind === 'ephemeral'
        ? t.ephemeralContainer
        : undefined;
  const stateText = [role, kind === 'template' ? undefined : shortState(status, t)].filter((part) => part).join(' · ');
  return {
    type: 'card',
    title: container.name,
    state: look.state,
    stateText,
    ...(look.why ? { why: look.why } : {}),
    blocks: [
      ...facts(
        [t.image, code(container.image)],
        [t.imageId, status?.imageID && status.imageID !== container.image ? code(status.imageID) : undefined],
        [t.command, code(container.command?.join(' '))],
        [t.arguments, code(container.args?.join(' '))],
        [t.ports, list((container.ports ?? []).map((port) => text(portText(port))))],
        [t.state, stateValue(status?.state, t)],
        [t.lastState, stateValue(status?.lastState, t)],
        [t.ready, status && text(status.ready ? t.yes : t.no, status.ready ? 'good' : undefined)],
        [t.restarts, status && text(status.restartCount, status.restartCount > 0 ? 'warning' : undefined)],
        [t.requests, labels(container.resources?.requests)],
        [t.limits, labels(container.resources?.limits)],
        [t.liveness, text(probeText(container.livenessProbe))],
        [t.readiness, text(probeText(container.readinessProbe))],
        [t.startup, text(probeText(container.startupProbe))],
        [t.environmentFrom, list((container.envFrom ?? []).map((from) => envFromValue(from, namespace, t)))],
      ),
      ...table([t.environment, t.value], envRows(container.env ?? [], namespace, t)),
      ...table(
        [t.mount, t.volume, t.options],
        (container.volumeMounts ?? []).map((mount) => mountRow(mount, t)),
      ),
    ],
  };
}

function portText({ name, containerPort, protocol = 'TCP', hostPort }: api.ContainerPort): string {
  const port = `${containerPort}/${protocol}${hostPort ? ` → ${hostPort}` : ''}`;
  return name ? `${name} ${port}` : port;
}

function shortState(status: api.ContainerStatus | undefined, t: DetailsTexts): string {
  const { running, waiting, terminated } = status?.state ?? {};
  if (running) return t.running;
  if (terminated) return terminated.reason ?? t.terminated;
  return waiting?.reason ?? t.waiting;
}

/** A state with its time and its reasons, one below the other. */
function stateValue(state: api.ContainerState | undefined, t: DetailsTexts): DetailValue | undefined {
  const { running, waiting, terminated } = state ?? {};
  if (running) return list([text(t.running, 'good'), time(running.startedAt)]);
  if (waiting) {
    const isStart = waiting.reason === 'ContainerCreating' || waiting.reason === 'PodInitializing';
    return list([text(`${t.waiting}: ${waiting.reason ?? ''}`, isStart ? undefined : 'bad'), code(waiting.message)]);
  }
  if (!terminated) return undefined;
  const { reason, exitCode, signal, message, startedAt, finishedAt } = terminated;
  const how = signal ? `${t.signal} ${signal}` : `${t.exitCode} ${exitCode}`;
  return list([
    text(`${t.terminated}: ${[reason, how].filter((part) => part).join(', ')}`, exitCode === 0 ? undefined : 'bad'),
    code(message?.trim()),
    time(finishedAt),
    startedAt && finishedAt
      ? text(filled(t.ranFor, humanDuration(Date.parse(finishedAt) - Date.parse(startedAt))), 'quiet')
      : undefined,
  ]);
}

function envFromValue({ configMapRef, secretRef, prefix }: api.EnvFromSource, namespace: string, t: DetailsTexts) {
  const ref = configMapRef ?? secretRef;
  const kind = configMapRef ? 'ConfigMap' : 'Secret';
  if (!ref?.name) return undefined;
  const notes = [prefix ? `${t.prefix} ${prefix}` : '', ref.optional ? t.optional : ''].filter((part) => part);
  const shown = `${kind} ${ref.name}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
  return { type: 'link', text: shown, to: { apiVersion: 'v1', kind, namespace, name: ref.name } } as const;
}

const mountRow = ({ mountPath, name, subPath, subPathExpr, readOnly, mountPropagation }: api.VolumeMount, t: DetailsTexts) => [
  code(mountPath),
  text(name),
  texts([readOnly ? t.readOnly : undefined, subPath ?? subPathExpr, mountPropagation]),
];
