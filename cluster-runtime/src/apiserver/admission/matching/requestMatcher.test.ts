import { describe, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Event } from '#common/kinds/event.ts';
import { HorizontalPodAutoscaler } from '#common/kinds/horizontalPodAutoscaler.ts';
import { HorizontalPodAutoscalerV1 } from '#common/kinds/horizontalPodAutoscalerV1.ts';
import { MutatingWebhookConfiguration } from '#common/kinds/mutatingWebhookConfiguration.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { MatchResources } from '#common/schema/generated/types.ts';
import { MemoryStore } from '../../../store/memoryStore.ts';
import { createRegistry } from '../../registry/apiRegistry.ts';
import type { AdmissionRequest, AdmissionState } from '../admission.ts';
import { criteriaOfMatchResources, isExempt, matchRequest } from './requestMatcher.ts';

const registry = createRegistry({
  store: new MemoryStore(),
  clock: new SteppedClock(),
  random: new Random(1),
  admissionPlugins: [],
});
const namespace: KubeObject = { metadata: { name: 'ns', labels: { team: 'a' } } };
const state = {
  get: (kind: KindDefinition, _namespace: string, name: string) =>
    kind.kind === 'Namespace' && name === 'ns' ? namespace : undefined,
} as unknown as AdmissionState;
const options = {
  user: { name: 'joe', groups: [] },
  fieldManager: '',
  dryRun: false,
  fieldValidation: 'Ignore',
  warn: () => undefined,
} as const;
const object = (labels?: Record<string, string>): KubeObject => ({ metadata: { name: 'x', ...(labels ? { labels } : {}) } });

const create = (kind: unknown, more: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  operation: 'CREATE',
  kind: kind as KindDefinition,
  namespace: 'ns',
  name: 'x',
  subresource: undefined,
  object: object(),
  old: undefined,
  options,
  ...more,
});
const rule = (group: string, version: string, resource: string) => ({
  apiGroups: [group],
  apiVersions: [version],
  resources: [resource],
  operations: ['*'],
});
/** The group and version in which the request is wanted; undefined where it is not. */
const wanted = (request: AdmissionRequest, match: MatchResources): string | undefined => {
  const found = matchRequest(criteriaOfMatchResources(match), request, state, () => registry);
  return found && `${found.resource.kind.group}/${found.resource.kind.version}`;
};
const configMaps = [rule('', 'v1', 'configmaps')];

describe('rules', () => {
  it.each<[string, AdmissionRequest, MatchResources, string | undefined]>([
    ['none name everything', create(ConfigMap), {}, '/v1'],
    ['that name the resource', create(ConfigMap), { resourceRules: configMaps }, '/v1'],
    ['that name another one', create(Node), { resourceRules: configMaps }, undefined],
    ['except what is excluded', create(ConfigMap), { excludeResourceRules: configMaps }, undefined],
    [
      'except an equivalent version of it',
      create(HorizontalPodAutoscaler),
      { excludeResourceRules: [rule('autoscaling', 'v1', '*')] },
      undefined,
    ],
    [
      'for an equivalent version',
      create(HorizontalPodAutoscaler),
      { resourceRules: [rule('autoscaling', 'v1', '*')] },
      'autoscaling/v1',
    ],
    [
      'for the version of the request first',
      create(HorizontalPodAutoscaler, { requested: HorizontalPodAutoscalerV1 as unknown as KindDefinition }),
      { resourceRules: [rule('autoscaling', '*', '*')] },
      'autoscaling/v1',
    ],
    [
      'for that version exactly',
      create(HorizontalPodAutoscaler),
      { resourceRules: [rule('autoscaling', 'v1', '*')], matchPolicy: 'Exact' },
      undefined,
    ],
    ['for an equivalent group', create(Event), { resourceRules: [rule('events.k8s.io', 'v1', 'events')] }, 'events.k8s.io/v1'],
  ])('%s', (_name, request, match, expected) => {
    expect(wanted(request, match)).toBe(expected);
  });
});

describe('selectors', () => {
  const teamA = { namespaceSelector: { matchLabels: { team: 'a' } } };
  const teamB = { namespaceSelector: { matchLabels: { team: 'b' } } };
  const red = { objectSelector: { matchLabels: { color: 'red' } } };
  it.each<[string, AdmissionRequest, MatchResources, boolean]>([
    ["the namespace's labels", create(ConfigMap), teamA, true],
    ["not the namespace's labels", create(ConfigMap), teamB, false],
    ['what is in no namespace passes', create(Node, { namespace: '' }), teamB, true],
    ['a Namespace by its own labels', create(Namespace, { namespace: '', object: object({ team: 'b' }) }), teamB, true],
    [
      'a Namespace being deleted by the labels that are stored',
      create(Namespace, { operation: 'DELETE', namespace: '', name: 'ns', object: undefined, old: object({ team: 'b' }) }),
      teamA,
      true,
    ],
    ["the object's labels", create(ConfigMap, { object: object({ color: 'red' }) }), red, true],
    ["not the object's labels", create(ConfigMap), red, false],
    [
      'the labels that an update takes away',
      create(ConfigMap, { operation: 'UPDATE', old: object({ color: 'red' }) }),
      red,
      true,
    ],
    [
      'the labels of what is deleted',
      create(ConfigMap, { operation: 'DELETE', object: undefined, old: object({ color: 'red' }) }),
      red,
      true,
    ],
    ['a scale has no labels', create(ConfigMap, { subresource: 'scale', object: object({ color: 'red' }) }), red, false],
  ])('%s', (_name, request, match, expected) => {
    expect(wanted(request, match) !== undefined).toBe(expected);
  });

  it('need the namespace only where they select', () => {
    const elsewhere = create(ConfigMap, { namespace: 'gone' });
    expect(wanted(elsewhere, {})).toBe('/v1');
    expect(() => wanted(elsewhere, teamA)).toThrow('namespaces "gone" not found');
  });
});

it('leaves the configurations themselves, and what an admitted request does, alone', () => {
  expect(isExempt(create(MutatingWebhookConfiguration))).toBe(true);
  expect(isExempt(create(ConfigMap))).toBe(false);
  expect(isExempt(create(ConfigMap, { options: { ...options, admitted: true } }))).toBe(true);
});
