import type { UntypedObject } from '#common/api/meta.ts';
import type {
  NodeSelectorTerm,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from '#common/schema/generated/types.ts';
import { parseTime } from '#common/api/time.ts';
import { humanDuration } from '#common/api/duration.ts';
import { annotationLines, eventLines, headLines, labelLines, sortedKeys, timeText } from './common.ts';
import { type DescribeContext, type Describer, listOf, Page } from './describer.ts';
import { persistentSourceLines } from './volumes.ts';

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};
const modeOrder = Object.keys(shortModes);
const modesText = (modes: readonly string[] | undefined): string =>
  modeOrder
    .filter((mode) => modes?.includes(mode))
    .map((mode) => shortModes[mode] ?? '')
    .join(',');

function statusLine(ctx: DescribeContext, page: Page, { metadata }: UntypedObject, phase: string | undefined): void {
  if (!metadata.deletionTimestamp) return page.line(0, `Status:\t${phase ?? ''}`);
  page.line(0, `Status:\tTerminating (lasts ${humanDuration(ctx.now - (parseTime(metadata.deletionTimestamp) ?? ctx.now))})`);
}

export const describePersistentVolumeClaim: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as PersistentVolumeClaim;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  page.line(
    0,
    `StorageClass:\t${spec?.storageClassName ?? metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? ''}`,
  );
  statusLine(ctx, page, object, status?.phase);
  page.line(0, `Volume:\t${spec?.volumeName ?? ''}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  page.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
  const bound = !!spec?.volumeName;
  page.line(0, `Capacity:\t${bound ? (status?.capacity?.['storage'] ?? '') : ''}`);
  page.line(0, `Access Modes:\t${bound ? modesText(status?.accessModes) : ''}`);
  if (spec?.volumeMode) page.line(0, `VolumeMode:\t${spec.volumeMode}`);
  const source = spec?.dataSource;
  if (source) {
    page.line(0, 'DataSource:');
    if (source.apiGroup) page.line(1, `APIGroup:\t${source.apiGroup}`);
    page.line(1, `Kind:\t${source.kind}`);
    page.line(1, `Name:\t${source.name}`);
  }
  const pods = (await listOf<Pod>(ctx, 'v1', 'pods', metadata.namespace)).filter((pod) =>
    pod.spec?.volumes?.some(
      ({ name, persistentVolumeClaim, ephemeral }) =>
        persistentVolumeClaim?.claimName === metadata.name || (ephemeral && `${pod.metadata.name}-${name}` === metadata.name),
    ),
  );
  if (pods.length === 0) page.line(0, 'Used By:\t<none>');
  pods.forEach((pod, i) => page.line(0, `${i === 0 ? 'Used By:' : ''}\t${pod.metadata.name ?? ''}`));
  if (status?.conditions?.length) {
    page.lines(0, [
      'Conditions:',
      '  Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage',
      '  ----\t------\t-----------------\t------------------\t------\t-------',
    ]);
    for (const { type, status: value, lastProbeTime, lastTransitionTime, reason = '', message = '' } of status.conditions)
      page.line(1, `${type} \t${value} \t${timeText(lastProbeTime)} \t${timeText(lastTransitionTime)} \t${reason} \t${message}`);
  }
  await eventLines(ctx, page, object);
  return page.toString();
};

export const describePersistentVolume: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as PersistentVolume;
  const page = new Page();
  headLines(page, object, { namespace: false });
  page.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
  page.line(0, `StorageClass:\t${spec?.storageClassName ?? ''}`);
  statusLine(ctx, page, object, status?.phase);
  const claim = spec?.claimRef;
  page.line(0, `Claim:\t${claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : ''}`);
  page.line(0, `Reclaim Policy:\t${spec?.persistentVolumeReclaimPolicy ?? ''}`);
  page.line(0, `Access Modes:\t${modesText(spec?.accessModes)}`);
  if (spec?.volumeMode) page.line(0, `VolumeMode:\t${spec.volumeMode}`);
  page.line(0, `Capacity:\t${spec?.capacity?.['storage'] ?? ''}`);
  affinityLines(page, spec?.nodeAffinity?.required?.nodeSelectorTerms);
  page.line(0, `Message:\t${status?.message ?? ''}`);
  page.line(0, 'Source:');
  if (spec) persistentSourceLines(page, spec);
  await eventLines(ctx, page, object);
  return page.toString();
};

function affinityLines(page: Page, terms: readonly NodeSelectorTerm[] | undefined): void {
  if (!terms) return page.line(0, 'Node Affinity:\t<none>');
  page.line(0, 'Node Affinity:\t');
  page.line(1, `Required Terms:\t${terms.length === 0 ? '<none>' : ''}`);
  terms.forEach(({ matchExpressions = [] }, i) => {
    if (matchExpressions.length === 0) page.line(2, `Term ${i}:\t<none>`);
    matchExpressions.forEach(({ key, operator, values }, at) => {
      const words: Readonly<Record<string, string>> = {
        In: 'in',
        NotIn: 'not in',
        Exists: 'exists',
        DoesNotExist: 'does not exist',
        Gt: '>',
        Lt: '<',
      };
      const text = `${key} ${words[operator] ?? operator}${values?.length ? ` [${values.join(', ')}]` : ''}`;
      page.line(2, at === 0 ? `Term ${i}:\t${text}` : `\t${text}`);
    });
  });
}

export const describeStorageClass: Describer = async (ctx, object) => {
  const storageClass = object as unknown as StorageClass;
  const { metadata, provisioner, parameters, allowVolumeExpansion, mountOptions, reclaimPolicy, volumeBindingMode } =
    storageClass;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(
    0,
    `IsDefaultClass:\t${metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? 'Yes' : 'No'}`,
  );
  const pairs = (map: Readonly<Record<string, string>> | undefined): string =>
    sortedKeys(map)
      .map((key) => `${key}=${map?.[key] ?? ''}`)
      .join(',') || '<none>';
  page.line(0, `Annotations:\t${pairs(metadata.annotations)}`);
  page.line(0, `Provisioner:\t${provisioner}`);
  page.line(0, `Parameters:\t${pairs(parameters)}`);
  page.line(
    0,
    `AllowVolumeExpansion:\t${allowVolumeExpansion === undefined ? '<unset>' : allowVolumeExpansion ? 'True' : 'False'}`,
  );
  if (!mountOptions?.length) page.line(0, 'MountOptions:\t<none>');
  else {
    page.line(0, 'MountOptions:');
    for (const option of mountOptions) page.line(1, option);
  }
  if (reclaimPolicy) page.line(0, `ReclaimPolicy:\t${reclaimPolicy}`);
  if (volumeBindingMode) page.line(0, `VolumeBindingMode:\t${volumeBindingMode}`);
  await eventLines(ctx, page, object);
  return page.toString();
};
