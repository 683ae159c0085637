import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defaultedPodSpec } from './defaults.ts';
import type { Errors } from './fieldRules.ts';
import { validatePodSpec } from './podSpecValidation.ts';

const container = (extra: object = {}): api.Container => ({ name: 'c', image: 'i', ...extra });

function problems(spec: object): string[] {
  const errors: Errors = [];
  const whole = defaultedPodSpec({ containers: [container()], ...spec } as api.PodSpec);
  validatePodSpec(whole, { name: 'p' }, FieldPath.of('spec'), errors);
  return errors.map(fieldErrorText);
}

const inContainer = (extra: object): object => ({ containers: [container(extra)] });
const label1123 =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

// Answers of Kubernetes 1.36.3.
describe('validatePodSpec', () => {
  it.each<[string, object, string[]]>([
    ['a plain pod', {}, []],
    ['no containers', { containers: [] }, ['spec.containers: Required value']],
    [
      'containers of the same name',
      { containers: [container(), container()] },
      ['spec.containers[1].name: Duplicate value: "c"'],
    ],
    [
      'an unknown restart policy',
      { restartPolicy: 'Sometimes' },
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    ['a host name that is no label', { hostname: 'A' }, [`spec.hostname: Invalid value: "A": ${label1123}`]],
    [
      'a request above its limit',
      inContainer({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'an extended resource without a limit',
      inContainer({ resources: { requests: { 'x.io/gpu': '1' } } }),
      ['spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources'],
    ],
    [
      'a mount of nothing',
      inContainer({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
      ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
    [
      'a mount of a volume that is wrong itself',
      { ...inContainer({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }), volumes: [{ name: 'v', configMap: {} }] },
      ['spec.volumes[0].configMap.name: Required value', 'spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
    [
      'two sources in a volume',
      { volumes: [{ name: 'v', hostPath: { path: '/h' }, emptyDir: {} }] },
      ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
    ],
    [
      'a probe without a handler',
      inContainer({ livenessProbe: {} }),
      ['spec.containers[0].livenessProbe: Required value: must specify a handler type'],
    ],
    [
      'two handlers',
      inContainer({ readinessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 1 } } }),
      ['spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type'],
    ],
    [
      'a probe on an init container',
      { initContainers: [container({ name: 'i', livenessProbe: { exec: { command: ['a'] } } })] },
      ['spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always'],
    ],
    [
      'a probe on a sidecar',
      { initContainers: [container({ name: 'i', restartPolicy: 'Always', livenessProbe: { exec: { command: ['a'] } } })] },
      [],
    ],
    [
      'host ports taken twice',
      inContainer({
        ports: [
          { containerPort: 1, hostPort: 5 },
          { containerPort: 2, hostPort: 5 },
        ],
      }),
      ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//5"'],
    ],
    [
      'an environment variable with two sources',
      inContainer({
        env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' }, secretKeyRef: { name: 's', key: 'k' } } }],
      }),
      ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time'],
    ],
    [
      'a tolerance for everything without Exists',
      { tolerations: [{ value: 'x' }] },
      [
        'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ],
    ],
    [
      'a weight out of range',
      {
        affinity: {
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, podAffinityTerm: { topologyKey: 'zone' } }],
          },
        },
      },
      [
        'spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100',
      ],
    ],
    [
      'privileges that contradict each other',
      inContainer({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      [
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      ],
    ],
    [
      'DNS policy None without nameservers',
      { dnsPolicy: 'None', dnsConfig: {} },
      ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
    ],
    [
      'a Linux capability on Windows',
      { ...inContainer({ securityContext: { capabilities: { drop: ['ALL'] } } }), os: { name: 'windows' } },
      ['spec.containers[0].securityContext.capabilities: Forbidden: cannot be set for a windows pod'],
    ],
    [
      'less for the pod than for its containers',
      { ...inContainer({ resources: { requests: { cpu: '2' } } }), resources: { requests: { cpu: '1' } } },
      ['spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2'],
    ],
  ])('%s', (_, spec, expected) => expect(problems(spec)).toEqual(expected));

  it('treats names that objects inherit as names', () => {
    expect(problems({ nodeSelector: { constructor: 'x' }, volumes: [{ name: 'constructor', emptyDir: {} }] })).toEqual([]);
    expect(problems(inContainer({ volumeMounts: [{ name: 'constructor', mountPath: '/a' }] }))).toEqual([
      'spec.containers[0].volumeMounts[0].name: Not found: "constructor"',
    ]);
  });
});
