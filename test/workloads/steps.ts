/**
 * What a person does with an example, as data: the line that is typed, and what kubectl or the command then asks of the API.
 * Each step is done while the clock stands still, but for `wait` and `drain`.
 */
import path from 'node:path';
import { quantityMilli } from '#common/api/quantity.ts';
import { hasReason } from '#common/api/status.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { CronJob } from '#common/kinds/cronJob.ts';
import { Job } from '#common/kinds/job.ts';
import { Machine } from '#common/kinds/machine.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { applyManifests } from '#runtime/cli/applyManifests.ts';
import { readManifestGroups } from '#runtime/cli/manifests.ts';
import { newNode } from '#runtime/addons/nodes.ts';
import { projectFolder } from '../support/testCluster.ts';
import type { Stage } from './stage.ts';
import { tableText } from './tableText.ts';

export interface Step {
  readonly line: string;
  perform(stage: Stage, print: (text: string) => void): Promise<void>;
}

const mergePatch = 'application/merge-patch+json';
const strategicPatch = 'application/strategic-merge-patch+json';

const collection = ({ group, version, plural, namespaced }: KindDefinition): string =>
  `${group ? `/apis/${group}` : '/api'}/${version}${namespaced ? '/namespaces/default' : ''}/${plural}`;
const place = (kind: KindDefinition, name: string): string => `${collection(kind)}/${name}`;

/** Applies a folder, or some files, of examples/workloads. */
export const apply = (...files: string[]): Step => ({
  line: `kubectl apply ${files.map((file) => `-f examples/workloads/${file}`).join(' ')}`,
  async perform({ connection, settle }, print) {
    const groups = await readManifestGroups(files.map((file) => path.join(projectFolder, 'examples/workloads', file)));
    for (const manifest of groups.flatMap(({ manifests }) => manifests)) {
      const applied = await applyManifests(connection, [manifest]);
      await settle();
      print(applied.map(({ label }) => label).join('\n'));
    }
  },
});

export const wait = (seconds: number): Step => ({ line: `sleep ${seconds}`, perform: (stage) => stage.advance(seconds) });

export const get = (...kinds: KindDefinition[]): Step => table(false, kinds);
export const getWide = (...kinds: KindDefinition[]): Step => table(true, kinds);

const table = (wide: boolean, kinds: readonly KindDefinition[]): Step => ({
  line: `kubectl get ${kinds.map(({ plural }) => plural).join(',')}${wide ? ' -o wide' : ''}`,
  async perform({ api }, print) {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    for (const kind of kinds) print(tableText(await api.get(collection(kind), undefined, accept), wide));
  },
});

/** The last lines of a pod's log. */
export const logs = (pod: string, tail: number): Step => ({
  line: `kubectl logs ${pod} --tail=${tail}`,
  async perform({ api }, print) {
    print(await api.text(`${place(Pod, pod)}/log?tailLines=${tail}`));
  },
});

/** Thousandths of a core and mebibytes, rounded as kubectl does it. */
export const topPods: Step = {
  line: 'kubectl top pods',
  async perform({ api }, print) {
    const { items } = await api.get<{ items: PodMetricsObject[] }>('/apis/metrics.k8s.io/v1beta1/namespaces/default/pods');
    const sum = (amounts: readonly string[]): number => amounts.reduce((total, amount) => total + quantityMilli(amount), 0);
    const rows = items.map(({ metadata, containers }) => ({
      cells: [
        metadata.name,
        `${Math.ceil(sum(containers.map(({ usage }) => usage.cpu)))}m`,
        `${Math.floor(sum(containers.map(({ usage }) => usage.memory)) / 1000 / 2 ** 20)}Mi`,
      ],
    }));
    rows.sort(({ cells: [a = ''] }, { cells: [b = ''] }) => (a < b ? -1 : 1));
    const columnDefinitions = ['Name', 'CPU(cores)', 'Memory(bytes)'].map((name) => ({ name, priority: 0 }));
    print(tableText({ columnDefinitions, rows }, false));
  },
};

interface PodMetricsObject {
  readonly metadata: { readonly name: string };
  readonly containers: readonly { readonly usage: { readonly cpu: string; readonly memory: string } }[];
}

export const scale = (kind: KindDefinition, name: string, replicas: number): Step => ({
  line: `kubectl scale ${kind.singular} ${name} --replicas=${replicas}`,
  async perform({ send }) {
    await send('PATCH', `${place(kind, name)}/scale`, { spec: { replicas } }, mergePatch);
  },
});

export const remove = (kind: KindDefinition, name: string): Step => ({
  line: `kubectl delete ${kind.singular} ${name}`,
  async perform({ send }) {
    await send('DELETE', place(kind, name), { propagationPolicy: 'Background' });
  },
});

export const patch = (kind: KindDefinition, name: string, change: object): Step => ({
  line: `kubectl patch ${kind.singular} ${name} -p '${JSON.stringify(change)}'`,
  async perform({ send }) {
    await send('PATCH', place(kind, name), change, strategicPatch);
  },
});

export const setImage = (kind: KindDefinition, name: string, container: string, image: string): Step => ({
  line: `kubectl set image ${kind.singular}/${name} ${container}=${image}`,
  async perform({ send }) {
    const change = { spec: { template: { spec: { containers: [{ name: container, image }] } } } };
    await send('PATCH', place(kind, name), change, strategicPatch);
  },
});

/** `create job --from`: the CronJob's template, as kubectl copies it. */
export const createJobFrom = (cronJob: string, name: string): Step => ({
  line: `kubectl create job ${name} --from=cronjob/${cronJob}`,
  async perform({ api, send }) {
    const { metadata, spec } = await api.get<api.CronJob>(place(CronJob, cronJob));
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob, uid: metadata.uid, controller: true };
    await send('POST', collection(Job), {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' }, ownerReferences: [owner] },
      spec: spec?.jobTemplate.spec,
    });
  },
});

const setUnschedulable = (verb: string, nodes: readonly string[], unschedulable: boolean | null): Step => ({
  line: `kubectl ${verb} ${nodes.join(' ')}`,
  async perform({ send }, print) {
    for (const node of nodes) {
      await send('PATCH', place(Node, node), { spec: { unschedulable } }, strategicPatch);
      print(`node/${node} ${verb}ed`);
    }
  },
});
export const cordon = (...nodes: string[]): Step => setUnschedulable('cordon', nodes, true);
export const uncordon = (...nodes: string[]): Step => setUnschedulable('uncordon', nodes, null);

/** kubectl asks again for a pod that was refused after five seconds, and looks every second whether the others have gone. */
export const drain = (node: string): Step => ({
  line: `kubectl drain ${node} --ignore-daemonsets`,
  async perform(stage, print) {
    await cordon(node).perform(stage, print);
    const { items } = await stage.api.get<api.PodList>(`${collection(Pod)}?fieldSelector=spec.nodeName%3D${node}`);
    const pods = items.filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet'));
    let refused = pods;
    let leaving: api.Pod[] = [];
    for (let second = 0; refused.length + leaving.length > 0; second++) {
      if (second % 5 === 0) {
        const asked = refused;
        refused = [];
        for (const pod of asked) ((await evict(stage, pod, print)) ? leaving : refused).push(pod);
      }
      await stage.advance(1);
      const present = new Set(stage.cluster.cache.list(Pod, 'default').map(({ metadata }) => metadata.uid));
      for (const { metadata } of leaving) if (!present.has(metadata.uid)) print(`pod/${metadata.name} evicted`);
      leaving = leaving.filter(({ metadata }) => present.has(metadata.uid));
    }
    print(`node/${node} drained`);
  },
});

/** False when the pod may not go yet. */
async function evict({ send }: Stage, { metadata }: api.Pod, print: (text: string) => void): Promise<boolean> {
  const { name = '', namespace } = metadata;
  print(`evicting pod ${namespace}/${name}`);
  try {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    await send('POST', `${place(Pod, name)}/eviction`, eviction);
    return true;
  } catch (error) {
    if (!hasReason(error, 'TooManyRequests')) throw error;
    print(`error when evicting pods/"${name}" -n "${namespace}" (will retry after 5s): ${error.message}`);
    return false;
  }
}

const setPower = (verb: string, machine: string, power: 'On' | 'Off'): Step => ({
  line: `kube-playground node ${verb} ${machine}`,
  async perform({ send }) {
    await send('PATCH', place(Machine, machine), { spec: { power } }, mergePatch);
  },
});
export const stopNode = (machine: string): Step => setPower('stop', machine, 'Off');
export const startNode = (machine: string): Step => setPower('start', machine, 'On');

export const addNode = (name: string): Step => ({
  line: `kube-playground node add ${name}`,
  async perform({ send }) {
    await send('POST', collection(Node), newNode(name));
  },
});
