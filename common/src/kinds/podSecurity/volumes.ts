/** Volumes: baseline forbids the node's files, restricted allows the few types that reach neither node nor network by themselves. */
import type { Volume } from '#common/schema/generated/types.ts';
import type { Check, CheckedPod, Violation } from './check.ts';
import { distinct, plural, quoted } from './wording.ts';

const harmless = new Set<string>([
  'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret',
] satisfies (keyof Volume)[]); // prettier-ignore

export const hostPathVolumes: Check = {
  id: 'hostPathVolumes',
  level: 'baseline',
  rules: [{ since: 0, rule: hasNoHostPath }],
};

export const restrictedVolumes: Check = {
  id: 'restrictedVolumes',
  level: 'restricted',
  replaces: hostPathVolumes.id,
  rules: [{ since: 0, rule: isHarmless }],
};

const volumesNamed = (volumes: readonly Volume[]): string =>
  `${plural('volume', volumes.length)} ${quoted(volumes.map(({ name }) => name))}`;

function hasNoHostPath({ spec }: CheckedPod): Violation | undefined {
  const volumes = spec.volumes?.filter(({ hostPath }) => hostPath !== undefined) ?? [];
  return volumes.length === 0 ? undefined : { reason: 'hostPath volumes', detail: volumesNamed(volumes) };
}

function isHarmless({ spec }: CheckedPod): Violation | undefined {
  const volumes = spec.volumes?.filter((volume) => otherTypes(volume).length > 0) ?? [];
  if (volumes.length === 0) return undefined;
  const types = distinct(volumes.flatMap(otherTypes));
  const verb = volumes.length === 1 ? 'uses' : 'use';
  return {
    reason: 'restricted volume types',
    detail: `${volumesNamed(volumes)} ${verb} restricted volume ${plural('type', types.length)} ${quoted(types)}`,
  };
}

const otherTypes = (volume: Volume): string[] => Object.keys(volume).filter((field) => field !== 'name' && !harmless.has(field));
