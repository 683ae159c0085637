/** The values of a field that can be counted: booleans, enumerations, defaults, and a few that only Kubernetes' texts name. */
import type { Field, SchemaType } from '#common/api/schemaType.ts';

/** Named string types whose values the API's tables do not list. */
const byType: Readonly<Record<string, readonly string[]>> = {
  'v1.LabelSelectorOperator': ['In', 'NotIn', 'Exists', 'DoesNotExist'],
  'v1.FieldSelectorOperator': ['In', 'NotIn', 'Exists', 'DoesNotExist'],
  'v1.ConditionStatus': ['True', 'False', 'Unknown'],
  'v1.LimitType': ['Container', 'Pod', 'PersistentVolumeClaim'],
  'v1.StorageMedium': ['Memory'],
  'v1.ResourceResizeRestartPolicy': ['NotRequired', 'RestartContainer'],
  'v1.ContainerRestartPolicy': ['Always', 'OnFailure', 'Never'],
  'v1.ContainerRestartRuleAction': ['Restart'],
  'v1.ContainerRestartRuleOnExitCodesOperator': ['In', 'NotIn'],
  'v1.RecursiveReadOnlyMode': ['Disabled', 'IfPossible', 'Enabled'],
  'v1.Capability': [
    'ALL',
    'CHOWN',
    'NET_ADMIN',
    'NET_BIND_SERVICE',
    'NET_RAW',
    'SETGID',
    'SETUID',
    'SYS_ADMIN',
    'SYS_PTRACE',
    'SYS_TIME',
  ],
  'v1.PodSELinuxChangePolicy': ['MountOption', 'Recursive'],
  'v1.OSName': ['linux', 'windows'],
  'v1.SecretType': [
    'Opaque',
    'kubernetes.io/tls',
    'kubernetes.io/dockerconfigjson',
    'kubernetes.io/basic-auth',
    'kubernetes.io/ssh-auth',
    'kubernetes.io/service-account-token',
    'bootstrap.kubernetes.io/token',
  ],
  'v1.PersistentVolumeClaimRetentionPolicyType': ['Retain', 'Delete'],
  'v2.MetricSourceType': ['Resource', 'ContainerResource', 'Pods', 'Object', 'External'],
  'v2.MetricTargetType': ['Utilization', 'AverageValue', 'Value'],
  'v2.ScalingPolicySelect': ['Max', 'Min', 'Disabled'],
  'v2.HPAScalingPolicyType': ['Pods', 'Percent'],
  'v1.VolumeLifecycleMode': ['Persistent', 'Ephemeral'],
  'v1.FSGroupPolicy': ['ReadWriteOnceWithFSType', 'File', 'None'],
  'v1.ParameterNotFoundActionType': ['Allow', 'Deny'],
  'v1.ResourceScope': ['Namespaced', 'Cluster'],
  'v1.ConversionStrategyType': ['None', 'Webhook'],
  'v1.FlowDistinguisherMethodType': ['ByUser', 'ByNamespace'],
  'v1.PriorityLevelEnablement': ['Limited', 'Exempt'],
  'v1.LimitResponseType': ['Queue', 'Reject'],
};

export interface KnownValues {
  readonly values: readonly (string | boolean | number)[];
  /** What holds when nothing is written. */
  readonly preset: unknown;
}

/** `field` has the default of the table; `extra` are the values of a custom kind's schema. */
export function knownValues(
  type: SchemaType,
  field: Field | undefined,
  extra: readonly (string | number)[] = [],
  preset: unknown = field?.default,
): KnownValues | undefined {
  const simple = typeof preset === 'string' || typeof preset === 'number' || typeof preset === 'boolean';
  if (type.kind === 'boolean') return { values: [true, false], preset };
  const listed = 'enum' in type && type.enum ? type.enum : 'goType' in type && type.goType ? byType[type.goType] : undefined;
  const values = [...(extra.length > 0 ? extra : (listed ?? []))].filter((value) => value !== '');
  if (values.length > 0) return { values, preset };
  return simple && preset !== '' ? { values: [preset], preset } : undefined;
}
