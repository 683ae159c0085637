/** Selectors that find nothing: which are told of, what is left alone, and the fixes in both directions. */
import { describe, expect, test } from 'vitest';
import { checkDiagnostics, checkFixes } from '../../testing/check.ts';
import { selectorMatchesNothing } from '../selectorMatchesNothing.ts';

const deployment = (spec: string, labels = 'app: web'): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      ${labels}
  template:
    metadata:
      labels:
        ${labels}
    spec:
${spec}      containers:
        - name: web
          image: nginx
`;

const budget = (selector: string): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 1
  selector:
${selector}`;

const policy = (rest: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
${rest}`;

const affinity = (field: string, app: string): string => `      affinity:
        ${field}:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app: ${app}
`;

const spread = (selector: string): string => `      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: DoNotSchedule
          labelSelector:
${selector}`;

const livePod = (app: string, namespace = 'default'): string => `#- live
apiVersion: v1
kind: Pod
metadata:
  name: some
  namespace: ${namespace}
  labels: {app: ${app}}
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {team: shop, kubernetes.io/metadata.name: shop}
`;

const told: [string, string][] = [
  [
    'a budget, by its labels',
    `${budget(`    matchLabels:
      app: wbe
#          ^^^ warning: No pods have app=wbe; Deployment/web has app=web
`)}---
${deployment('')}`,
  ],
  [
    'a budget, by an expression',
    `${budget(`    matchExpressions:
      - key: app
        operator: In
        values: [wbe]
#                ^^^ warning: No pods have app in (wbe); Deployment/web has app=web
`)}---
${deployment('')}`,
  ],
  [
    'a policy whose pods the cluster does not have either',
    `${policy(`  podSelector:
# ^^^^^^^^^^^ warning: No pods have app=shop
    matchLabels:
      app: shop
`)}---
${deployment('')}${livePod('other')}`,
  ],
  [
    'a peer in namespaces that nothing is',
    `${policy(`  podSelector: {}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              team: shp
#                   ^^^ warning: No namespaces have team=shp; Namespace/shop has team=shop
`)}---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {team: shop}
`,
  ],
  [
    'an affinity that no node can meet',
    deployment(`      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app: webb
#                      ^^^^ warning: No pods have app=webb; Deployment/web has app=web
`),
  ],
  [
    'an anti-affinity that keeps nobody away',
    deployment(`      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app: webb
#                      ^^^^ information: No pods have app=webb; Deployment/web has app=web
`),
  ],
  [
    'a spread that does not count its own pods',
    deployment(
      spread(`            matchLabels:
              app: shop
#                  ^^^^ warning: Its own pods do not have app=shop; they have app=web
`),
    ),
  ],
];

const quiet: [string, string][] = [
  ['a budget whose pods the cluster has', `${budget('    matchLabels: {app: some}\n')}${livePod('some')}`],
  ['a budget for all pods', budget('    {}\n')],
  ['pods that an operator will make, without a cluster', budget('    matchLabels: {cluster-name: pg-main}\n')],
  ['a policy for all pods', policy('  podSelector: {}\n')],
  [
    "the DNS of every cluster's system namespace",
    policy(`  podSelector: {}
  egress:
    - to:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
          podSelector: {matchLabels: {k8s-app: kube-dns}}
`),
  ],
  [
    'pods of namespaces whose labels only the cluster knows',
    `${policy(`  podSelector: {}
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {team: shop}}
          podSelector: {matchLabels: {app: some}}
`)}${livePod('some', 'shop')}`,
  ],
  ['an anti-affinity with itself', deployment(affinity('podAntiAffinity', 'web'))],
  ['an affinity with what the cluster has', deployment(affinity('podAffinity', 'some')) + livePod('some')],
  ['a spread of its own pods', deployment(spread('            matchLabels: {app: web}\n'))],
  ['a spread of all pods', deployment(spread('            {}\n'))],
];

describe('selector-matches-nothing', () => {
  test.each(told)('tells of %s', (_what, fixture) => {
    expect(checkDiagnostics(selectorMatchesNothing, fixture).length).toBeGreaterThan(0);
  });

  test.each(quiet)('leaves alone %s', (_what, fixture) => {
    expect(checkDiagnostics(selectorMatchesNothing, fixture)).toEqual([]);
  });
});

const mistaken = `${budget(`    matchLabels:
      app: wbe # the shop
`)}---
${deployment('')}`;

describe('fixes', () => {
  test('change the selector, and leave its comment', () => {
    const expected = mistaken.replace('app: wbe #', 'app: web #');
    checkFixes(selectorMatchesNothing, mistaken, 'Select app=web', expected);
  });

  test("change the owner's labels, with the selector of its own", () => {
    const expected = mistaken.replaceAll('app: web\n', 'app: wbe\n');
    checkFixes(selectorMatchesNothing, mistaken, 'Label Deployment/web app=wbe', expected);
  });

  test('rename a key that is spelled in another way', () => {
    const fixture = `${budget('    matchLabels:\n      apps: web\n')}---\n${deployment('')}`;
    checkFixes(selectorMatchesNothing, fixture, 'Select app=web', fixture.replace('apps: web', 'app: web'));
    const labelled = fixture.replaceAll('app: web\n', 'apps: web\n');
    checkFixes(selectorMatchesNothing, fixture, 'Label Deployment/web apps=web', labelled);
  });

  test('quote what would be no text', () => {
    const fixture = `${budget('    matchLabels:\n      on-call: "tru"\n')}---\n${deployment('', 'on-call: "true"')}`;
    checkFixes(selectorMatchesNothing, fixture, 'Select on-call=true', fixture.replace('"tru"', '"true"'));
  });

  test('offer nothing where nothing is near', () => {
    const fixture = `${budget('    matchLabels: {db: pg}\n')}---\n${deployment('')}${livePod('other')}`;
    expect(() => checkFixes(selectorMatchesNothing, fixture, 'Select app=web', '')).toThrow('there are: none');
  });
});
