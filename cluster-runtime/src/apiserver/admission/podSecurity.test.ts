import { beforeEach, expect, test } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { CronJob } from '#common/kinds/cronJob.ts';
import { DaemonSet } from '#common/kinds/daemonSet.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { Job } from '#common/kinds/job.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Pod } from '#common/kinds/pod.ts';
import { PodTemplate } from '#common/kinds/podTemplate.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import { ReplicationController } from '#common/kinds/replicationController.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Container, PodSpec } from '#common/schema/generated/types.ts';
import { MemoryStore } from '../../store/memoryStore.ts';
import { type ApiRegistry, createRegistry } from '../registry/apiRegistry.ts';
import type { ObjectSubresource, WriteOptions } from '../registry/registry.ts';
import { allPlugins } from './allPlugins.ts';
import { existingViolations } from './podSecurityNamespaces.ts';

/** Service accounts would have to be there first. */
const plugins = allPlugins.filter(({ name }) => name !== 'ServiceAccount');
const prefix = 'pod-security.kubernetes.io/';
let registry: ApiRegistry;

beforeEach(async () => {
  const [clock, random] = [new SteppedClock(), new Random(1)];
  registry = createRegistry({ store: new MemoryStore({ freeze: true }), clock, random, admissionPlugins: plugins });
  await said((options) => registry.resourceOf(Namespace).create('', { metadata: { name: 'ns' } }, options));
});

/** The warnings of a request, and the refusal that ended it. */
async function said(request: (options: WriteOptions) => Promise<unknown>, dryRun = false): Promise<string[]> {
  const texts: string[] = [];
  const user = { name: 'admin', groups: ['system:masters'] };
  const warn = (text: string): unknown => texts.push(text);
  try {
    await request({ user, fieldManager: 'test', dryRun, fieldValidation: 'Strict', warn });
  } catch (error) {
    texts.push((error as Error).message);
  }
  return texts;
}

const create = <T extends KubeObject>(kind: KindDefinition<T>, object: KubeObject, dryRun = false): Promise<string[]> =>
  said((options) => registry.resourceOf(kind).create('ns', structuredClone(object), options), dryRun);
const patch = (kind: KindDefinition, name: string, change: object, subresource?: ObjectSubresource): Promise<string[]> => {
  const key = { namespace: kind.namespaced ? 'ns' : '', name };
  return said((options) => registry.resourceOf(kind).patch(key, { type: 'merge', patch: change }, options, subresource));
};
const NamespaceKind = Namespace as unknown as KindDefinition;
const PodKind = Pod as unknown as KindDefinition;

/** Sets these labels of Pod Security and no others. */
const label = (labels: Record<string, string>, subresource?: ObjectSubresource): Promise<string[]> => {
  const none = ['enforce', 'warn', 'audit'].flatMap((mode) => [mode, `${mode}-version`]).map((key) => [prefix + key, null]);
  const own = Object.entries(labels).map(([key, value]) => [prefix + key, value]);
  return patch(NamespaceKind, 'ns', { metadata: { labels: Object.fromEntries([...none, ...own]) } }, subresource);
};

const plain = (name: string): Container => ({ name, image: 'i' });
const pod = (name: string, spec: Partial<PodSpec> = {}): KubeObject =>
  ({ metadata: { name }, spec: { containers: [plain('c')], ...spec } }) as KubeObject;
const good: Partial<PodSpec> = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ ...plain('c'), securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};
const faults =
  'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities ' +
  '(container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set ' +
  'securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to ' +
  '"RuntimeDefault" or "Localhost")';

test('without labels everything is let in and nothing is said', async () => {
  expect(await create(Pod, pod('p', { hostNetwork: true }))).toEqual([]);
});

test('a pod that violates what is enforced is refused, by a dry run too', async () => {
  await label({ enforce: 'restricted' });
  const text = `pods "p" is forbidden: violates PodSecurity "restricted:latest": ${faults}`;
  expect(await create(Pod, pod('p'))).toEqual([text]);
  expect(await create(Pod, pod('p'), true)).toEqual([text]);
  expect(await create(Pod, pod('p', good))).toEqual([]);
});

test('a refusal has a name even where the name is generated, and validation comes before it', async () => {
  await label({ enforce: 'baseline', 'enforce-version': 'v1.30' });
  const generated = { ...pod('', { hostIPC: true }), metadata: { generateName: 'web-' } };
  expect(await create(Pod, generated)).toEqual([
    expect.stringMatching(
      /^pods "web-\w{5}" is forbidden: violates PodSecurity "baseline:v1.30": host namespaces \(hostIPC=true\)$/,
    ),
  ]);
  expect(await create(Pod, pod('p', { hostIPC: true, containers: [{ name: 'c' }] }))).toEqual([
    'Pod "p" is invalid: spec.containers[0].image: Required value',
  ]);
});

test('what is only warned of is let in; a pod that is refused is not warned of', async () => {
  await label({ enforce: 'baseline', warn: 'restricted', audit: 'restricted' });
  expect(await create(Pod, pod('p'))).toEqual([`would violate PodSecurity "restricted:latest": ${faults}`]);
  expect(await create(Pod, pod('q', { hostPID: true }))).toEqual([
    'pods "q" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
  ]);
});

test("the kind's own warnings come first, for refused pods too", async () => {
  await label({ enforce: 'baseline' });
  const spec = { hostPID: true, nodeSelector: { 'beta.kubernetes.io/os': 'linux' } };
  expect(await create(Pod, pod('p', spec))).toEqual([
    'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
  ]);
});

test('an update counts when it changes what runs', async () => {
  await create(Pod, pod('p', { tolerations: [{ key: 'a', operator: 'Exists' }] }));
  await label({ enforce: 'restricted' });
  expect(await patch(PodKind, 'p', { metadata: { labels: { a: 'b' }, annotations: { a: 'b' } } })).toEqual([]);
  expect(await patch(PodKind, 'p', { spec: { activeDeadlineSeconds: 5 } })).toEqual([]);
  expect(await patch(PodKind, 'p', { status: { reason: 'x' } }, 'status')).toEqual([]);
  expect(await patch(PodKind, 'p', { spec: { containers: [{ name: 'c', image: 'other' }] } })).toEqual([
    `pods "p" is forbidden: violates PodSecurity "restricted:latest": ${faults}`,
  ]);
});

test('an ephemeral container is held against what is enforced', async () => {
  await create(Pod, pod('p', good));
  await label({ enforce: 'restricted' });
  const add = (container: object): Promise<string[]> =>
    patch(PodKind, 'p', { spec: { ephemeralContainers: [container] } }, 'ephemeralcontainers');
  expect(await add({ ...plain('e'), securityContext: { capabilities: { drop: ['ALL'] } } })).toEqual([
    'pods "p" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "e" must set ' +
      'securityContext.allowPrivilegeEscalation=false)',
  ]);
  expect(await add({ ...good.containers?.[0], name: 'e' })).toEqual([]);
});

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [plain('c')], hostIPC: true } };
const once = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
const selector = { matchLabels: { app: 'a' } };

test.each<[KindDefinition, object]>([
  [Deployment as unknown as KindDefinition, { spec: { selector, template } }],
  [ReplicaSet as unknown as KindDefinition, { spec: { selector, template } }],
  [StatefulSet as unknown as KindDefinition, { spec: { selector, serviceName: 's', template } }],
  [DaemonSet as unknown as KindDefinition, { spec: { selector, template } }],
  [ReplicationController as unknown as KindDefinition, { spec: { selector: { app: 'a' }, template } }],
  [PodTemplate as unknown as KindDefinition, { template }],
  [Job as unknown as KindDefinition, { spec: { template: once } }],
  [CronJob as unknown as KindDefinition, { spec: { schedule: '* * * * *', jobTemplate: { spec: { template: once } } } }],
])('the template of a $kind is warned of, also where only enforcing was asked for', async (kind, body) => {
  await label({ enforce: 'baseline' });
  const warning = ['would violate PodSecurity "baseline:latest": host namespaces (hostIPC=true)'];
  expect(await create(kind, { metadata: { name: 'w' }, ...body } as KubeObject)).toEqual(warning);
  expect(await patch(kind, 'w', { metadata: { labels: { x: 'y' } } })).toEqual(warning);
  if (kind.subresources?.status) expect(await patch(kind, 'w', { metadata: { labels: { x: 'z' } } }, 'status')).toEqual([]);
  await label({ enforce: 'baseline', warn: 'privileged' });
  expect(await patch(kind, 'w', { metadata: { labels: { x: 'q' } } })).toEqual([]);
});

test('labels that mean nothing are refused until they are what was there before', async () => {
  const level = 'must be one of privileged, baseline, restricted';
  const problem = (key: string, value: string, text = level): string =>
    `metadata.labels[${prefix}${key}]: Invalid value: "${value}": ${text}`;
  expect(await label({ enforce: 'bogus' })).toEqual([`Namespace "ns" is invalid: ${problem('enforce', 'bogus')}`]);
  expect(await create(Namespace, { metadata: { name: 'other', labels: { [`${prefix}warn-version`]: '1.2' } } })).toEqual([
    `Namespace "other" is invalid: ${problem('warn-version', '1.2', 'must be "latest" or "v1.x"')}`,
  ]);
  expect(await label({ enforce: 'bogus' }, 'status')).toEqual([]);
  expect(await patch(NamespaceKind, 'ns', { metadata: { labels: { a: 'b' } } })).toEqual([]);
  expect(await label({ enforce: 'bogus', audit: 'worse' })).toEqual([
    `Namespace "ns" is invalid: [${problem('enforce', 'bogus')}, ${problem('audit', 'worse')}]`,
  ]);
  expect(await create(Pod, pod('p'))).toEqual([`pods "p" is forbidden: violates PodSecurity "restricted:latest": ${faults}`]);
});

test('who tightens what is enforced hears of the pods that are there', async () => {
  for (const name of ['z', 'x']) await create(Pod, pod(name, { hostIPC: true }));
  await create(Pod, pod('v', { ...good, volumes: [{ name: 'h', hostPath: { path: '/' } }] }));
  await create(Pod, pod('g', good));
  const head = (policy: string): string =>
    `existing pods in namespace "ns" violate the new PodSecurity enforce level "${policy}"`;
  expect(await label({ warn: 'restricted' })).toEqual([]);
  expect(await label({ enforce: 'restricted' })).toEqual([
    head('restricted:latest'),
    'v: restricted volume types',
    'x (and 1 other pod): host namespaces, allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
  ]);
  expect(await label({ enforce: 'baseline' })).toEqual([]);
  expect(await label({ enforce: 'baseline', 'enforce-version': 'v1.30' })).toEqual([
    head('baseline:v1.30'),
    'v: hostPath volumes',
    'x (and 1 other pod): host namespaces',
  ]);
  expect(await label({ enforce: 'privileged' })).toEqual([]);
});

test('of thousands of pods those are looked at that are not like another', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u', controller: true };
  const controlled = Array.from({ length: 3100 }, (_, i) => ({
    metadata: { name: `a${10_000 + i}`, ownerReferences: [owner] },
    spec: { containers: [plain('c')], hostIPC: true },
  }));
  const alone = Array.from({ length: 100 }, (_, i) => ({
    metadata: { name: `b${100 + i}` },
    spec: { containers: [plain('c')], hostPID: true, volumes: [{ name: 'h', hostPath: { path: '/' } }] },
  }));
  expect(existingViolations('ns', [...controlled, ...alone], { level: 'baseline', version: 'latest' })).toEqual([
    'new PodSecurity enforce level only checked against the first 3000 of 3200 existing pods',
    'existing pods in namespace "ns" violate the new PodSecurity enforce level "baseline:latest"',
    'a10000 (and 2899 other pods): host namespaces',
    'b100 (and 99 other pods): host namespaces, hostPath volumes',
  ]);
});
