/** The pods that a command for pods means: `POD`, `TYPE/NAME`; and the container in them that is meant when none is named. */
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import { selectorFromLabelSelector, selectorFromMap } from '#common/api/labelSelector.ts';
import type { LabelSelector, UntypedObject } from '#common/api/meta.ts';
import { parseTime } from '#common/api/time.ts';
import type { Container, Pod } from '#common/schema/generated/types.ts';
import { plainError } from './kubectlError.ts';
import { kindText } from './resourceMap.ts';
import type { Session } from './session.ts';

export interface PodsOf {
  /** The best first. */
  readonly pods: readonly Pod[];
  /** The object whose pods they are, where it is none of them. */
  readonly owner?: UntypedObject;
}

export async function podsMatching(session: Session, labelSelector: string, namespace?: string): Promise<Pod[]> {
  const path = resourcePath('v1', 'pods', namespace ?? (await session.namespace()));
  const { items } = await (await session.api()).get<{ items?: Pod[] }>(withQuery(path, { labelSelector }));
  return items ?? [];
}

/** `given` is a pod's name, or `TYPE/NAME` of what has pods. */
export async function podsOf(session: Session, given: string): Promise<PodsOf> {
  const api = await session.api();
  const namespace = await session.namespace();
  const slash = given.indexOf('/');
  const type = slash < 0 ? 'pods' : given.slice(0, slash);
  const resource = await (await session.resources()).find(type);
  const object = await api.get<UntypedObject>(
    resourcePath(resource.apiVersion, resource.plural, resource.namespaced ? namespace : undefined, given.slice(slash + 1)),
  );
  if (resource.kind === 'Pod' && resource.group === '') return { pods: [object as unknown as Pod] };
  const labelSelector = selectorOf({ ...object, kind: resource.kind });
  if (labelSelector === undefined)
    throw plainError(`cannot attach to *unstructured.Unstructured: selector for ${kindText(resource)} not implemented`);
  const pods = await podsMatching(session, labelSelector, object.metadata.namespace);
  return { pods: pods.sort(byUse), owner: object };
}

function selectorOf({ kind, ...object }: UntypedObject): string | undefined {
  const spec = object['spec'] as { selector?: unknown } | undefined;
  if (!spec?.selector) return undefined;
  if (kind === 'Service' || kind === 'ReplicationController')
    return selectorFromMap(spec.selector as Record<string, string>).text;
  return selectorFromLabelSelector(spec.selector as LabelSelector).text;
}

const phases = ['Running', 'Unknown', 'Pending'];

/** Placed before not placed, running before pending, ready before not, older before younger. */
function byUse(a: Pod, b: Pod): number {
  const rank = ({ spec, status }: Pod): number[] => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return [
      spec?.nodeName ? 0 : 1,
      (phases.indexOf(status?.phase ?? '') + phases.length + 1) % (phases.length + 1),
      ready?.status === 'True' ? 0 : 1,
      ready?.status === 'True' ? (parseTime(ready.lastTransitionTime) ?? 0) : 0,
      (status?.containerStatuses ?? []).reduce((most, { restartCount }) => Math.max(most, restartCount), 0),
    ];
  };
  const [x, y] = [rank(a), rank(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0);
  return (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '')
    ? -1
    : (a.metadata.creationTimestamp ?? '') > (b.metadata.creationTimestamp ?? '')
      ? 1
      : 0;
}

/** The first pod; of several it is said which. Waits for none. */
export async function onePod(session: Session, given: string): Promise<Pod> {
  const { pods } = await podsOf(session, given);
  const [pod] = pods;
  if (!pod) throw plainError(`timed out waiting for the condition`);
  return pod;
}

const defaultContainer = 'kubectl.kubernetes.io/default-container';

export function allContainers({ spec }: Pod): Container[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])];
}

/** The container that `-c` or the pod names, else the first; of several it is said which. */
export function containerOf(session: Session, pod: Pod, quiet = false): string {
  const wanted = session.flags.text('container');
  const names = allContainers(pod).map(({ name }) => name);
  if (wanted !== undefined) return wanted;
  const annotated = pod.metadata.annotations?.[defaultContainer];
  if (annotated !== undefined && names.includes(annotated)) return annotated;
  const [first] = pod.spec?.containers ?? [];
  if (names.length > 1 && !quiet) {
    const inits = (pod.spec?.initContainers ?? []).map(({ name }) => `${name} (init)`);
    const others = (pod.spec?.containers ?? []).map(({ name }) => name);
    const passing = (pod.spec?.ephemeralContainers ?? []).map(({ name }) => `${name} (ephem)`);
    session.io.err(`Defaulted container "${first?.name ?? ''}" out of: ${[...others, ...inits, ...passing].join(', ')}\n`);
  }
  return first?.name ?? '';
}
