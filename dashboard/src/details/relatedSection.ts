/** What an object has to do with others, both ways: owners and owned, names and named by, selects and selected by. */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { DetailValue, Section } from '#common/protocol/details.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import type * as api from '#common/schema/generated/types.ts';
import { cell, section, table, text } from './blocks.ts';
import type { DescribeContext } from './describeContext.ts';
import { definitionOf, kindNamed, storedKinds } from './kindTable.ts';
import { namedObjects, selectedObjects } from './objectReferences.ts';
import { objectState } from './objectState.ts';

const mostRows = 100;

interface Relation {
  readonly word: string;
  readonly to: ObjectLocator;
  readonly missing?: boolean;
  readonly how?: DetailValue | undefined;
}

export function relatedSection(object: KubeObject, ctx: DescribeContext): Section[] {
  const { texts: t } = ctx;
  const all = [
    ...owners(object, ctx),
    ...owned(object, ctx),
    ...names(object, ctx),
    ...selected(object, ctx),
    ...referrers(object, ctx),
  ];
  const seen = new Set<string>();
  const relations = all.filter(({ word, to }) => {
    const key = JSON.stringify([word, to.kind, to.namespace, to.name]);
    return seen.size < seen.add(key).size;
  });
  return section(
    'related',
    t.related,
    table(
      [t.relation, t.object, t.how],
      relations
        .slice(0, mostRows)
        .map(({ word, to, missing, how }) => [
          cell(word, 'quiet'),
          { type: 'link', text: `${to.kind} ${to.name}`, to, ...(missing ? { missing } : {}) },
          missing ? text(t.missing, 'bad') : how,
        ]),
    ),
    relations.length > mostRows ? [{ type: 'note', tone: 'quiet', text: `+ ${relations.length - mostRows}` }] : [],
  );
}

const locatorOf = ({ apiVersion = 'v1', kind = '', metadata }: KubeObject): ObjectLocator => ({
  apiVersion,
  kind,
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
});

function stateCell(object: KubeObject, { related, stateTexts }: DescribeContext): DetailValue | undefined {
  const { text: words, ready, state } = objectState(object, related, stateTexts);
  const tone = state === 'failed' ? 'bad' : state === 'warning' ? 'warning' : state === 'ok' ? 'good' : 'quiet';
  return text([words, ready].filter((part) => part).join(' · '), tone);
}

function owners(object: KubeObject, { texts: t, related }: DescribeContext): Relation[] {
  const own = object.metadata.namespace ?? '';
  return (object.metadata.ownerReferences ?? []).map(({ apiVersion, kind, name, controller }) => {
    const { group } = parseApiVersion(apiVersion);
    const namespace = kindNamed(group, kind)?.namespaced === false ? '' : own;
    return {
      word: controller ? t.controlledBy : t.ownedBy,
      to: { apiVersion, kind, namespace, name },
      missing: related.isMissing(group, kind, namespace, name),
    };
  });
}

/** What it owns; of a Deployment also the pods, which its ReplicaSets own. */
export function ownedObjects(object: KubeObject, { related }: Pick<DescribeContext, 'related'>): KubeObject[] {
  const found: KubeObject[] = [];
  let uids = new Set([object.metadata.uid]);
  const everything = dependentKinds.flatMap((kind) => related.all(kind));
  while (uids.size > 0) {
    const next = everything.filter(
      ({ metadata }) => metadata.uid !== object.metadata.uid && metadata.ownerReferences?.some(({ uid }) => uids.has(uid)),
    );
    found.push(...next);
    uids = new Set(next.map(({ metadata }) => metadata.uid));
  }
  return found;
}

const dependentKinds = [
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'Job',
  'Pod',
  'Service',
  'EndpointSlice',
  'PersistentVolumeClaim',
  'ConfigMap',
];

const owned = (object: KubeObject, ctx: DescribeContext): Relation[] =>
  ownedObjects(object, ctx)
    // A former revision, kept for rolling back.
    .filter((each) => !(each.kind === 'ReplicaSet' && (each as api.ReplicaSet).spec?.replicas === 0))
    .map((each) => ({ word: ctx.texts.owns, to: locatorOf(each), how: stateCell(each, ctx) }));

function names(object: KubeObject, { texts: t, related }: DescribeContext): Relation[] {
  const definition = definitionOf(object.apiVersion ?? '', object.kind ?? '');
  if (!definition) return [];
  return namedObjects(object, definition).flatMap(({ group, kind, namespace, name, path, optional }) => {
    const target = kindNamed(group, kind);
    if (!target) return [];
    const apiVersion = group ? `${group}/${target.version}` : target.version;
    return {
      word: t.names,
      to: { apiVersion, kind, namespace, name },
      missing: !optional && related.isMissing(group, kind, namespace, name),
      how: text(path.replaceAll('[]', '').replaceAll('{}', ''), 'quiet'),
    };
  });
}

function selected(object: KubeObject, ctx: DescribeContext): Relation[] {
  const definition = definitionOf(object.apiVersion ?? '', object.kind ?? '');
  if (!definition) return [];
  // What it owns is said already.
  const own = new Set(ownedObjects(object, ctx).map(({ metadata }) => metadata.uid));
  return selectedObjects(object, definition).flatMap(({ kind, namespace, selector }) =>
    ctx.related
      .all(kind)
      .filter(
        ({ metadata, kind: of }) =>
          of === kind &&
          metadata.namespace === namespace &&
          metadata.uid !== object.metadata.uid &&
          selector.matches(metadata.labels) &&
          !own.has(metadata.uid),
      )
      .map((each) => ({ word: ctx.texts.selects, to: locatorOf(each), how: stateCell(each, ctx) })),
  );
}

function referrers(object: KubeObject, ctx: DescribeContext): Relation[] {
  const { texts: t, related } = ctx;
  const { group } = parseApiVersion(object.apiVersion ?? '');
  const own = locatorOf(object);
  const carried = labelsOfPods(object);
  return storedKinds
    .filter(({ kind }) => !isTold(kind, own.kind))
    .flatMap((definition) =>
      related.all(definition.kind).flatMap((other): Relation[] => {
        if (parseApiVersion(other.apiVersion ?? '').group !== definition.group || other.metadata.uid === object.metadata.uid)
          return [];
        const named = namedObjects(other, definition).find(
          (each) => each.group === group && each.kind === own.kind && each.namespace === own.namespace && each.name === own.name,
        );
        if (named) return [{ word: t.namedBy, to: locatorOf(other), how: text(named.path.replaceAll('[]', ''), 'quiet') }];
        if (!carried || other.metadata.namespace !== own.namespace || makers.has(definition.kind)) return [];
        const by = selectedObjects(other, definition).find(({ kind, selector }) => kind === 'Pod' && selector.matches(carried));
        return by ? [{ word: t.selectedBy, to: locatorOf(other), how: text(by.selector.text || '*', 'quiet') }] : [];
      }),
    );
}

/** Endpoints are told of by the Service, a node's pods by the node itself. */
const isTold = (kind: string, of: string): boolean =>
  kind === 'EndpointSlice' || kind === 'Endpoints' || (kind === 'Pod' && of === 'Node');

/** They own the pods that they select, which is said already. */
const makers = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController', 'Job']);

/** The labels by which a pod, or the pods of a workload, are selected. */
function labelsOfPods(object: KubeObject): Readonly<Record<string, string>> | undefined {
  if (object.kind === 'Pod') return object.metadata.labels ?? {};
  const template = (object as { spec?: { template?: { metadata?: { labels?: Record<string, string> } } } }).spec?.template;
  return template?.metadata?.labels;
}
