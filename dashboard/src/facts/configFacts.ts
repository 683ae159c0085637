/** Config, storage and access: what is in it, told in a few words. Values of Secrets never come this far (see keptObject.ts). */
import type * as api from '#common/schema/generated/types.ts';
import { quantityMilli } from '#common/api/quantity.ts';
import { filled, type TreeTexts } from '#common/protocol/treeTexts.ts';
import { detailOf, reasonText, type RowFacts } from './rowFacts.ts';

const keysText = (count: number, texts: TreeTexts): string => (count === 1 ? texts.oneKey : filled(texts.keys, count));

export const configMapFacts = ({ data, binaryData }: api.ConfigMap, texts: TreeTexts): RowFacts => ({
  state: 'none',
  detail: keysText(Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length, texts),
});

export const secretFacts = ({ data, type }: api.Secret, texts: TreeTexts): RowFacts => ({
  state: 'none',
  ...detailOf(keysText(Object.keys(data ?? {}).length, texts), type),
});

export function quotaFacts({ status }: api.ResourceQuota, texts: TreeTexts): RowFacts {
  const uses = Object.entries(status?.hard ?? {}).map(([name, hard]) => ({ name, hard, used: status?.used?.[name] ?? '0' }));
  const full = uses.filter(({ used, hard }) => isFull(used, hard)).map(({ name }) => name);
  const detail = uses.map(({ name, used, hard }) => `${name} ${used}/${hard}`).join(', ');
  return full.length
    ? { state: 'warning', detail, why: filled(texts.quotaUsedUp, full.join(', ')) }
    : { state: 'ok', ...detailOf(detail) };
}

const isFull = (used: string, hard: string): boolean => quantityMilli(hard) > 0 && quantityMilli(used) >= quantityMilli(hard);

export const limitRangeFacts = ({ spec }: api.LimitRange): RowFacts => ({
  state: 'none',
  ...detailOf((spec?.limits ?? []).map(({ type }) => type).join(', ')),
});

export function claimFacts({ spec, status }: api.PersistentVolumeClaim): RowFacts {
  const facts = detailOf(status?.capacity?.['storage'] ?? spec?.resources?.requests?.['storage'], spec?.storageClassName);
  if (status?.phase === 'Bound') return { ...facts, state: 'ok' };
  if (status?.phase === 'Lost') return { ...facts, state: 'failed', why: reasonText('Lost', spec?.volumeName) };
  return {
    ...facts,
    state: 'progressing',
    detail: [status?.phase ?? 'Pending', facts.detail].filter((part) => part).join(' · '),
  };
}

export function volumeFacts({ spec, status }: api.PersistentVolume): RowFacts {
  const { phase, reason, message } = status ?? {};
  const facts = detailOf(phase, spec?.capacity?.['storage'], spec?.storageClassName);
  if (phase === 'Failed') return { ...facts, state: 'failed', why: reasonText(reason || 'Failed', message) };
  return { ...facts, state: phase === 'Bound' || phase === 'Available' ? 'ok' : phase === 'Released' ? 'done' : 'progressing' };
}

export const storageClassFacts = (entry: api.StorageClass, texts: TreeTexts): RowFacts => ({
  state: 'none',
  ...detailOf(
    entry.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? texts.defaultClass : undefined,
    entry.provisioner,
  ),
});

export const roleFacts = ({ rules }: api.Role | api.ClusterRole, texts: TreeTexts): RowFacts => ({
  state: 'none',
  detail: rules?.length === 1 ? texts.oneRule : filled(texts.rules, rules?.length ?? 0),
});

export const bindingFacts = ({ roleRef, subjects }: api.RoleBinding | api.ClusterRoleBinding): RowFacts => ({
  state: 'none',
  detail: `${(subjects ?? []).map(({ name }) => name).join(', ')} → ${roleRef.name}`,
});
