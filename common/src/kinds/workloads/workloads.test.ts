import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { CronJob } from '../cronJob.ts';
import { DaemonSet } from '../daemonSet.ts';
import type { KindDefinition } from '../defineKind.ts';
import { Deployment } from '../deployment.ts';
import { Job } from '../job.ts';
import { PodDisruptionBudget } from '../podDisruptionBudget.ts';
import { ReplicaSet } from '../replicaSet.ts';
import { ReplicationController } from '../replicationController.ts';
import { StatefulSet } from '../statefulSet.ts';

const labels = { app: 'web' };
const selector = { matchLabels: labels };
const template = (spec: object = {}): object => ({
  metadata: { labels },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const never = template({ restartPolicy: 'Never' });

/** The object as it would be stored. */
function created<T extends KubeObject>(kind: KindDefinition<T>, spec: object): T {
  const object = { metadata: { name: 'x', namespace: 'n', uid: 'u1' }, spec } as unknown as T;
  kind.applyDefaults?.(object);
  kind.prepareForCreate?.(object);
  return object;
}
const problems = <T extends KubeObject>(kind: KindDefinition<T>, spec: object): string[] =>
  (kind.validate?.(created(kind, spec)) ?? []).map(fieldErrorText);
const changeProblems = <T extends KubeObject>(kind: KindDefinition<T>, spec: object, other: object): string[] => [
  ...new Set((kind.validateUpdate?.(created(kind, { ...spec, ...other }), created(kind, spec)) ?? []).map(fieldErrorText)),
];
const mismatch = 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`';
const percent =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

// Answers of Kubernetes 1.36.3.
describe('what a workload may not be', () => {
  it.each<[string, KindDefinition<never>, object, string[]]>([
    ['Deployment', Deployment as never, { selector, template: template() }, []],
    ['Deployment without selector', Deployment as never, { template: template() }, ['spec.selector: Required value', mismatch]],
    [
      'Deployment of pods that end',
      Deployment as never,
      { selector, template: never },
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'Deployment that can neither add nor remove',
      Deployment as never,
      { selector, template: template(), strategy: { rollingUpdate: { maxSurge: 'x', maxUnavailable: 0 } } },
      [
        `spec.strategy.rollingUpdate.maxSurge: Invalid value: "x": ${percent}`,
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
      ],
    ],
    [
      'Deployment with an unknown strategy',
      Deployment as never,
      { selector, template: template(), strategy: { type: 'X' } },
      ['spec.strategy: Unsupported value: {"Type":"X","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"'],
    ],
    [
      'ReplicaSet with a selector of everything',
      ReplicaSet as never,
      { selector: {}, template: template() },
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    ['ReplicationController', ReplicationController as never, { template: template() }, []],
    [
      'ReplicationController without template',
      ReplicationController as never,
      {},
      ['spec.selector: Required value', 'spec.template: Required value'],
    ],
    [
      'DaemonSet that surges and retreats',
      DaemonSet as never,
      { selector, template: template(), updateStrategy: { rollingUpdate: { maxSurge: 1 } } },
      ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
    ],
    [
      'StatefulSet with a claim for nothing',
      StatefulSet as never,
      { selector, template: template(), volumeClaimTemplates: [{ metadata: { name: 'v' } }] },
      [
        'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
        'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
      ],
    ],
    [
      'Job of pods that never end',
      Job as never,
      { template: template() },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'Job with rules that say nothing',
      Job as never,
      { template: never, podFailurePolicy: { rules: [{ action: 'Ignore' }] } },
      ['spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required'],
    ],
    [
      'Job with indexes out of range',
      Job as never,
      { template: never, completionMode: 'Indexed', completions: 3, successPolicy: { rules: [{ succeededIndexes: '0-5' }] } },
      [
        'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-5": error parsing succeededIndexes: too large index: "5"',
      ],
    ],
    [
      'CronJob in a zone of its own',
      CronJob as never,
      { schedule: 'TZ=UTC * * * * *', timeZone: 'nowhere', jobTemplate: { spec: { template: never } } },
      [
        'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
        'spec.timeZone: Invalid value: "nowhere": unknown time zone nowhere',
      ],
    ],
    [
      'PodDisruptionBudget with both bounds',
      PodDisruptionBudget as never,
      { minAvailable: 1, maxUnavailable: '50%' },
      [
        'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"50%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
      ],
    ],
  ])('%s', (_, kind, spec, expected) => expect(problems(kind, spec)).toEqual(expected));
});

describe('what may not change', () => {
  const whole = { selector, template: template() };
  const others = { selector: { matchLabels: { app: 'api' } } };
  const immutable = 'spec.selector: Invalid value: {"matchLabels":{"app":"api"}}: field is immutable';

  it.each([
    ['Deployment', Deployment as never],
    ['ReplicaSet', ReplicaSet as never],
    ['DaemonSet', DaemonSet as never],
  ])('the selector of a %s', (_, kind: KindDefinition<never>) =>
    expect(changeProblems(kind, whole, others)).toEqual([immutable]),
  );

  it('most of a StatefulSet', () => {
    expect(changeProblems(StatefulSet, whole, { replicas: 5, template: template({ hostNetwork: true }) })).toEqual([]);
    expect(changeProblems(StatefulSet, whole, { serviceName: 'other' })).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ]);
  });

  it('the completions of a Job, unless it is indexed and grows as a whole', () => {
    const indexed = { template: never, completionMode: 'Indexed', completions: 2, parallelism: 2 };
    expect(changeProblems(Job, { template: never, completions: 1 }, { completions: 2 })).toEqual([
      'spec.completions: Invalid value: 2: field is immutable',
    ]);
    expect(changeProblems(Job, indexed, { completions: 3 })).toEqual([
      'spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism',
    ]);
    expect(changeProblems(Job, indexed, { completions: 3, parallelism: 3 })).toEqual([]);
  });

  it('the template of a Job, but for where a waiting one is to run', () => {
    const elsewhere = { template: template({ restartPolicy: 'Never', nodeSelector: { a: 'b' } }) };
    expect(changeProblems(Job, { template: never, suspend: true }, elsewhere)).toEqual([]);
    expect(changeProblems(Job, { template: never }, elsewhere)[0]).toMatch(
      /^spec\.template: Invalid value: .*: field is immutable$/,
    );
  });
});

describe('a new workload', () => {
  it('Job: gets labels and a selector from its uid', () => {
    const own = {
      'batch.kubernetes.io/controller-uid': 'u1',
      'batch.kubernetes.io/job-name': 'x',
      'controller-uid': 'u1',
      'job-name': 'x',
    };
    const job = created(Job, { template: never });
    expect(job.spec?.selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': 'u1' } });
    expect(job.spec?.template.metadata?.labels).toEqual({ ...labels, ...own });
    expect(job.metadata.labels).toEqual({ ...labels, ...own });
    expect(job.spec).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      podReplacementPolicy: 'TerminatingOrFailed',
    });
  });

  it('ReplicationController: takes selector and labels from its template', () => {
    const controller = created(ReplicationController, { template: template() });
    expect([controller.spec?.selector, controller.metadata.labels, controller.spec?.replicas]).toEqual([labels, labels, 1]);
  });

  it('DaemonSet: counts changes of its template for older clients', () => {
    const set = created(DaemonSet, { selector, template: template() });
    const annotation = 'deprecated.daemonset.template.generation';
    expect(set.metadata.annotations).toEqual({ [annotation]: '1' });
    const updated = created(DaemonSet, { selector, template: template({ hostNetwork: true }) });
    DaemonSet.prepareForUpdate?.(updated, set);
    expect(updated.metadata.annotations).toEqual({ [annotation]: '2' });
  });

  it('StatefulSet: has claims that look like claims, and no maxUnavailable', () => {
    const set = created(StatefulSet, {
      selector,
      template: template(),
      updateStrategy: { rollingUpdate: { maxUnavailable: 2 } },
      volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: {} }],
    });
    expect(set.spec?.updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
    expect(set.spec?.volumeClaimTemplates).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'v' },
        spec: { volumeMode: 'Filesystem' },
        status: { phase: 'Pending' },
      },
    ]);
  });
});

it('the status of a workload must add up', () => {
  const set = created(ReplicaSet, { selector, template: template() });
  set.status = { replicas: 1, readyReplicas: 2, availableReplicas: 3 };
  expect((ReplicaSet.validateStatusUpdate?.(set, set) ?? []).map(fieldErrorText)).toEqual([
    'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    'status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas',
    'status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas',
  ]);
});
