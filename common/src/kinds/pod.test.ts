import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import { deepFreeze } from '#common/base/freeze.ts';
import type * as api from '#common/schema/generated/types.ts';
import { Pod } from './pod.ts';

function stored(spec: object = {}, status?: object): api.Pod {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { containers: [{ name: 'c', image: 'img:1' }], ...spec },
  } as api.Pod;
  Pod.applyDefaults?.(pod);
  Pod.prepareForCreate?.(pod);
  pod.metadata.resourceVersion = '7';
  if (status) pod.status = { ...pod.status, ...status };
  return deepFreeze(pod);
}

const changed = (pod: api.Pod, spec: object): api.Pod => ({ ...pod, spec: { ...pod.spec, ...spec } as api.PodSpec });
const updateProblems = (pod: api.Pod, spec: object): string[] =>
  (Pod.validateUpdate?.(changed(pod, spec), pod) ?? []).map(fieldErrorText);
const prefix =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

describe('a new pod', () => {
  it('starts pending, whatever status it came with', () => {
    expect(stored().status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
  });

  it('says why it is not scheduled while it is gated', () => {
    expect(stored({ schedulingGates: [{ name: 'x.io/g' }] }).status?.conditions).toEqual([
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'SchedulingGated',
        message: 'Scheduling is blocked due to non-empty scheduling gates',
        lastProbeTime: null,
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ]);
  });

  it('asks for what it is limited to, and listens on the host where it uses its network', () => {
    const containers = [
      { name: 'c', image: 'i', ports: [{ containerPort: 80 }], resources: { limits: { cpu: '1' }, requests: { memory: '1Gi' } } },
    ];
    const [container] = stored({ hostNetwork: true, containers }).spec?.containers ?? [];
    expect(container?.resources?.requests).toEqual({ cpu: '1', memory: '1Gi' });
    expect(container?.ports).toEqual([{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]);
  });

  it('shares the spec of a complete template', () => {
    const spec = stored().spec;
    const pod: api.Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'q' }, ...(spec ? { spec } : {}) };
    Pod.applyDefaults?.(pod);
    Pod.prepareForCreate?.(pod);
    expect(pod.spec).toBe(spec);
  });
});

describe('a change of a pod', () => {
  it.each<[string, object, string[]]>([
    ['another image', { containers: [{ ...stored().spec?.containers[0], image: 'img:2' }] }, []],
    ['a deadline', { activeDeadlineSeconds: 5 }, []],
    ['one more toleration', { tolerations: [{ key: 'a', operator: 'Exists' }] }, []],
    [
      'the DNS policy',
      { dnsPolicy: 'Default' },
      [
        `${prefix}@@ -38,7 +38,7 @@\n  "RestartPolicy": "Always",\n  "TerminationGracePeriodSeconds": 30,\n  "ActiveDeadlineSeconds": null,\n- "DNSPolicy": "ClusterFirst",\n+ "DNSPolicy": "Default",\n  "NodeSelector": null,\n  "ServiceAccountName": "",\n  "AutomountServiceAccountToken": null,\n`,
      ],
    ],
    ['one more container', { containers: [] }, ['spec.containers: Forbidden: pod updates may not add or remove containers']],
    [
      'a new gate',
      { schedulingGates: [{ name: 'x.io/g' }] },
      ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'x.io/g'"],
    ],
  ])('%s', (_, spec, expected) => expect(updateProblems(stored(), spec)).toEqual(expected));

  it('may narrow the choice of nodes while it is gated', () => {
    const gated = stored({ schedulingGates: [{ name: 'x.io/g' }], nodeSelector: { a: 'b' } });
    expect(updateProblems(gated, { nodeSelector: { a: 'b', c: 'd' } })).toEqual([]);
    expect(updateProblems(gated, { nodeSelector: { a: 'c' } })).toEqual([
      'spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ]);
  });

  it('may not take away a toleration or extend a deadline', () => {
    const old = stored({ tolerations: [{ key: 'a', operator: 'Exists' }], activeDeadlineSeconds: 5 });
    expect(updateProblems(old, { tolerations: [], activeDeadlineSeconds: 4 })).toEqual([
      'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    ]);
    expect(updateProblems(old, { activeDeadlineSeconds: 6 })).toEqual([
      'spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value',
    ]);
  });
});

describe('subresources', () => {
  const problems = (subresource: string, pod: api.Pod, spec: object): string[] =>
    (Pod.validateSubresourceUpdate?.(subresource, changed(pod, spec), pod) ?? []).map(fieldErrorText);

  it('adds ephemeral containers, but neither changes nor removes them', () => {
    const pod = changed(stored(), { ephemeralContainers: [{ name: 'dbg', image: 'd:1' }] });
    expect(problems('ephemeralcontainers', stored(), { ephemeralContainers: [{ name: 'dbg' }] })).toEqual([]);
    expect(problems('ephemeralcontainers', pod, { ephemeralContainers: [] })).toEqual([
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "dbg" may not be removed\n',
    ]);
    expect(problems('ephemeralcontainers', pod, { ephemeralContainers: [{ name: 'dbg', image: 'd:2' }] })).toEqual([
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "dbg" may not be changed\n@@ -1,6 +1,6 @@\n {\n  "Name": "dbg",\n- "Image": "d:1",\n+ "Image": "d:2",\n  "Command": null,\n  "Args": null,\n  "WorkingDir": "",\n',
    ]);
  });

  it('resizes without changing the class', () => {
    const sized = (cpu: string, memory: string): object => ({
      containers: [{ name: 'c', image: 'i:1', resources: { requests: { cpu, memory }, limits: { cpu: '2', memory: '2Gi' } } }],
    });
    const pod = stored(sized('1', '1Gi'));
    const resized = (spec: object): object => ({ containers: stored(spec).spec?.containers });
    expect(problems('resize', pod, resized(sized('1500m', '1Gi')))).toEqual([]);
    expect(problems('resize', pod, resized(sized('2', '2Gi')))).toEqual([
      'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    ]);
    expect(problems('resize', pod, { containers: [] })).toEqual([
      'spec.containers: Forbidden: containers may not be added or removed on resize',
    ]);
  });
});

describe('the status of a pod', () => {
  it('keeps its class and owners, and gets both forms of its IP', () => {
    const pod: api.Pod = { ...stored(), metadata: { name: 'p', ownerReferences: [] }, status: { podIPs: [{ ip: '10.0.0.1' }] } };
    Pod.applyDefaults?.(pod);
    Pod.prepareForStatusUpdate?.(pod, stored());
    expect(pod.status).toEqual({ podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }], qosClass: 'BestEffort' });
    expect(pod.metadata.ownerReferences).toBeUndefined();
  });

  it('does not bring back a container that is not restarted', () => {
    const ended = {
      containerStatuses: [
        { name: 'c', image: 'i', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode: 1 } } },
      ],
    };
    const old = stored({ restartPolicy: 'Never' }, ended);
    const back = {
      ...old,
      status: { containerStatuses: [{ ...ended.containerStatuses[0], state: { running: {} } }] },
    } as api.Pod;
    expect((Pod.validateStatusUpdate?.(back, old) ?? []).map(fieldErrorText)).toEqual([
      'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
    ]);
  });
});

it.each<[string, object, object | undefined, number | undefined, number]>([
  ['not scheduled', {}, undefined, 30, 0],
  ['on a node', { nodeName: 'n' }, undefined, undefined, 30],
  ['as asked', { nodeName: 'n' }, undefined, 7, 7],
  ['finished', { nodeName: 'n' }, { phase: 'Succeeded' }, undefined, 0],
  ['at least a second', { nodeName: 'n' }, undefined, -5, 1],
])('grace of a pod: %s', (_, spec, status, asked, expected) =>
  expect(Pod.deletionGrace?.(stored(spec, status), asked)).toBe(expected),
);
