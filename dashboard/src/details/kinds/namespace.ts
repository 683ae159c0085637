/** What is told of a Namespace: whether it is going away, and what its quotas and limits leave. */
import type * as api from '#common/schema/generated/types.ts';
import { cell, facts, link, section, table, text, texts } from '../blocks.ts';
import type { Describe } from '../describeContext.ts';

export const describeNamespace: Describe<api.Namespace> = ({ status, spec, metadata }, { texts: t, related }) => {
  const own = <T extends { metadata: api.ObjectMeta }>(kind: string): T[] =>
    (related.all(kind) as unknown as T[]).filter((each) => each.metadata.namespace === metadata.name);
  return [
    ...section(
      'facts',
      'Namespace',
      facts([t.phase, text(status?.phase)], [t.finalizers, metadata.deletionTimestamp ? texts(spec?.finalizers) : undefined]),
    ),
    ...section(
      'quotas',
      t.quotas,
      table(
        [t.quota, t.resource, t.used, t.hard],
        own<api.ResourceQuota>('ResourceQuota').flatMap((quota) =>
          Object.entries(quota.status?.hard ?? {}).map(([resource, hard]) => [
            link('v1', 'ResourceQuota', metadata.name, quota.metadata.name),
            cell(resource),
            cell(quota.status?.used?.[resource]),
            cell(hard),
          ]),
        ),
      ),
    ),
    ...section(
      'limits',
      t.limitRanges,
      table(
        [t.limitRange, t.type, t.resource, t.minimum, t.maximum, t.defaultRequest, t.defaultLimit],
        own<api.LimitRange>('LimitRange').flatMap((range) =>
          (range.spec?.limits ?? []).flatMap((item) =>
            resourcesOf(item).map((resource) => [
              link('v1', 'LimitRange', metadata.name, range.metadata.name),
              cell(item.type),
              cell(resource),
              text(item.min?.[resource]),
              text(item.max?.[resource]),
              text(item.defaultRequest?.[resource]),
              text(item.default?.[resource]),
            ]),
          ),
        ),
      ),
    ),
  ];
};

const resourcesOf = ({ min, max, defaultRequest, default: standard }: api.LimitRangeItem): string[] => [
  ...new Set([min, max, defaultRequest, standard].flatMap((map) => Object.keys(map ?? {}))),
];
