/** The way of a request: Ingress → Service → pods, and what a selector finds. */
import { selectorFromMap } from '#common/api/labelSelector.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import { liveMatches } from '../../facts/liveMatches.ts';
import type { SelectorLink } from '../../workspace/links.ts';
import { objectTitle } from '../../workspace/manifestObject.ts';
import { nearestOwners } from '../../workspace/nearMiss.ts';
import type { ExplainStep } from '../feature.ts';
import { missParts } from '../hover/selectorHover.ts';
import { anyReady, podsStep } from './pods.ts';
import {
  type ExplainContext,
  fieldsOf,
  isThere,
  locationOf,
  placesOf,
  step,
  type Subject,
  subjectNamed,
  subjectOf,
  titleOf,
  warningSteps,
  worst,
} from './subject.ts';

const podKind = { group: '', kind: 'Pod' };
const service = { group: '', kind: 'Service' };

export function serviceStep(ctx: ExplainContext, subject: Subject): ExplainStep {
  const { snapshot } = ctx;
  const { t } = snapshot.l10n;
  const { written, live } = subject;
  const link = written?.links.find((each): each is SelectorLink => each.type === 'selector' && each.path === 'spec.selector');
  const spec = live
    ? fieldsOf(live, 'spec')
    : isJsonObject(written?.document.value)
      ? fieldsOf(written.document.value as never, 'spec')
      : {};
  if (spec['type'] === 'ExternalName')
    return step(t('{0} is another name of {1}', titleOf(subject), String(spec['externalName'])), 'good', placesOf(subject));
  const absent = !live && snapshot.facts.knows(service);
  const selected = link ? selectorStep(ctx, link) : liveSelection(ctx, subject, spec['selector']);
  const because = [
    ...(absent ? [step(t('It is not in the cluster'), 'waiting')] : []),
    ...(selected ? [selected] : [step(t('It has no selector: its endpoints are made by somebody else'), 'unknown')]),
    ...portSteps(ctx, subject),
    ...warningSteps(snapshot, subject),
  ];
  return step(titleOf(subject), worst(because, 'good'), { ...placesOf(subject), because });
}

/** What a written selector finds: workloads of the workspace, pods of the cluster, or what comes nearest. */
export function selectorStep(ctx: ExplainContext, link: SelectorLink): ExplainStep {
  const { graph, facts, l10n } = ctx.snapshot;
  const location = { ...locationOf(link.from), selection: link.range };
  const title = link.selector.text ? l10n.t('Selects pods with {0}', link.selector.text) : l10n.t('Selects pods with any labels');
  const owners = graph.matched(link).filter(({ object }) => object !== link.from);
  const knows = facts.knows(podKind);
  const pods = knows ? liveMatches(facts, link) : [];
  if (owners.length === 0 && pods.length === 0) return step(title, 'bad', { location, because: [nobody(ctx, link)] });
  // The pods first: what is said of them is not repeated below their workloads.
  const live = pods.length > 0 ? podsStep(ctx, pods) : undefined;
  const workloads = owners.flatMap(({ object }) => ctx.explain(subjectOf(ctx.snapshot, object)) ?? []);
  if (!knows) return step(title, worst(workloads, 'unknown'), { location, because: workloads });
  if (!live) {
    const none = step(l10n.t('No pod in the cluster has these labels yet'), 'waiting');
    return step(title, worst([none, ...workloads], 'waiting'), { location, because: [none, ...workloads] });
  }
  // One ready pod is enough to answer.
  const state = anyReady(pods) ? 'good' : live.state;
  return step(title, state, {
    location,
    because: live.state === 'good' ? [live] : [live, ...workloads.filter((each) => each.state !== 'good')],
  });
}

function nobody({ snapshot }: ExplainContext, link: SelectorLink): ExplainStep {
  const { l10n } = snapshot;
  const [miss] = nearestOwners(snapshot.graph, link, 1);
  if (!miss) return step(l10n.t('Nothing has these labels'), 'bad');
  const { owner } = miss;
  return step(l10n.t('Nothing has these labels; {0} comes nearest', objectTitle(owner.object)), 'bad', {
    detail: missParts(miss, l10n).join(l10n.t('; ')),
    location: locationOf(owner.object, `${owner.metadataPath}.labels`),
  });
}

/** Of a Service that is only in the cluster. */
function liveSelection(ctx: ExplainContext, { namespace }: Subject, given: unknown): ExplainStep | undefined {
  if (!isJsonObject(given) || Object.keys(given).length === 0) return undefined;
  const selector = selectorFromMap(given as Record<string, string>);
  const pods = ctx.snapshot.facts.podsMatching(namespace, selector);
  const { t } = ctx.snapshot.l10n;
  const title = t('Selects pods with {0}', selector.text);
  if (pods.length === 0) return step(title, 'bad', { because: [step(t('No pod in the cluster has these labels'), 'bad')] });
  const live = podsStep(ctx, pods);
  return step(title, anyReady(pods) ? 'good' : live.state, { because: [live] });
}

/** Named target ports that no container has. */
function portSteps({ snapshot }: ExplainContext, { written }: Subject): ExplainStep[] {
  const matchesSomething = written?.links.some((link) => link.type === 'selector' && snapshot.graph.targetsOf(link).length > 0);
  if (!written || !matchesSomething) return [];
  return written.links.flatMap((link) => {
    if (
      link.type !== 'port' ||
      link.of !== 'selected' ||
      typeof link.port !== 'string' ||
      snapshot.graph.targetsOf(link).length > 0
    )
      return [];
    const location = { ...locationOf(written), selection: link.range };
    return [step(snapshot.l10n.t('No container has a port called "{0}"', link.port), 'bad', { location })];
  });
}

export function ingressStep(ctx: ExplainContext, subject: Subject): ExplainStep {
  const { snapshot } = ctx;
  const { t } = snapshot.l10n;
  const names = subject.written
    ? subject.written.links.flatMap((link) => (link.type === 'name' && link.to.kind === 'Service' ? [link.name] : []))
    : backendsOf(fieldsOf(subject.live, 'spec'));
  const because = [...new Set(names)].flatMap((name) => {
    const backend = subjectNamed(snapshot, service, subject.namespace, name);
    if (isThere(backend)) return ctx.explain(backend) ?? [];
    const known = snapshot.facts.knows(service);
    return [step(t(known ? '{0} is not there' : '{0} is not in the workspace', titleOf(backend)), known ? 'bad' : 'unknown')];
  });
  because.push(...classSteps(ctx, subject), ...warningSteps(snapshot, subject));
  if (!subject.live && snapshot.facts.knows({ group: 'networking.k8s.io', kind: 'Ingress' }))
    because.unshift(step(t('It is not in the cluster'), 'waiting'));
  const title =
    names.length === 1
      ? t('{0} leads to 1 backend', titleOf(subject))
      : t('{0} leads to {1} backends', titleOf(subject), names.length);
  return step(title, worst(because, 'good'), { ...placesOf(subject), because });
}

function classSteps({ snapshot }: ExplainContext, { written }: Subject): ExplainStep[] {
  const link = written?.links.find((each) => each.type === 'name' && each.to.kind === 'IngressClass');
  if (!written || link?.type !== 'name' || !snapshot.facts.knows(link.to)) return [];
  if (isThere(subjectNamed(snapshot, link.to, '', link.name))) return [];
  return [
    step(snapshot.l10n.t('{0} is not there: nobody acts on it', `IngressClass/${link.name}`), 'bad', {
      location: { ...locationOf(written), selection: link.range },
    }),
  ];
}

function backendsOf({ defaultBackend, rules }: Readonly<Record<string, unknown>>): string[] {
  const found: string[] = [];
  const take = (backend: unknown): void => {
    const named = isJsonObject(backend) && isJsonObject(backend['service']) ? backend['service']['name'] : undefined;
    if (typeof named === 'string') found.push(named);
  };
  take(defaultBackend);
  for (const rule of Array.isArray(rules) ? rules : []) {
    const http: unknown = isJsonObject(rule) ? rule['http'] : undefined;
    const paths: unknown = isJsonObject(http) ? http['paths'] : undefined;
    for (const path of Array.isArray(paths) ? paths : []) if (isJsonObject(path)) take(path['backend']);
  }
  return found;
}
