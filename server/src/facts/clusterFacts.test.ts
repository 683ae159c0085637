/** Facts of a whole cluster, and of servers that misbehave. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerJson, answerStatus, type Asked, ScriptedServer } from '#apiClient/testing/scriptedServer.ts';
import { HurriedClock } from '#apiClient/testing/hurriedClock.ts';
import { parseLabelSelector } from '#common/api/labelSelectorParser.ts';
import { type Clock, RealClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { CustomResourceDefinition } from '#common/kinds/customResourceDefinition.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Secret } from '#common/kinds/secret.ts';
import { type Cluster, startCluster } from '#runtime/cluster.ts';
import { createCertificates } from '#runtime/apiserver/http/certificates.ts';
import { kubeconfigText } from '#runtime/apiserver/http/kubeconfig.ts';
import { ClusterFacts } from './clusterFacts.ts';
import type { KindName } from './liveFacts.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'facts-test-'));
const kubeconfig = path.join(folder, 'kubeconfig');
const target = { kubeconfig: [kubeconfig] };
afterAll(() => rmSync(folder, { recursive: true }));

const core = (kind: string): KindName => ({ group: '', kind });
const names = (objects: readonly { metadata: { name?: string } }[]): string[] =>
  objects.map(({ metadata }) => metadata.name ?? '').sort();

let facts: ClusterFacts;
/** Every state that was announced. */
let said: string[];
const factsBy = (clock: Clock): ClusterFacts => {
  facts = new ClusterFacts({ clock, random: new Random(1), log: silentLog });
  said = [];
  facts.onState(({ state, problem }) => said.push(problem ? `${state}: ${problem}` : state));
  return facts;
};
afterEach(() => facts.dispose());

/** Resolves when it holds, looked at whenever the facts say that something changed. */
const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const check = (): void => {
      if (!holds()) return;
      listeners.forEach((listener) => listener.dispose());
      resolve();
    };
    const listeners = [facts.onChange(check), facts.onState(check)];
    check();
  });

describe('of a whole cluster', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ nodes: 2, port: 0, folder: undefined, latency: 'none', freeze: true, log: silentLog });
    writeFileSync(kubeconfig, cluster.kubeconfig);
  });
  afterAll(() => cluster.close());

  it('are all known after a moment, and follow what happens', async () => {
    factsBy(new RealClock());
    expect([facts.state, facts.knows(core('Pod')), facts.list(core('Node'))]).toEqual(['none', false, []]);
    facts.follow(target);
    expect(facts.state).toBe('connecting');
    await until(() => ['Pod', 'Node', 'Secret', 'ConfigMap'].every((kind) => facts.knows(core(kind))));
    expect([said, facts.context]).toEqual([['connecting', 'connecting', 'live'], 'kube-playground']);
    expect(names(facts.list(core('Node')))).toEqual(['node-1', 'node-2']);
    expect(facts.knows(core('Event'))).toBe(false);

    const { client } = cluster;
    await client.create(Secret, { metadata: { name: 's', namespace: 'default' }, stringData: { password: 'hush' } });
    await client.create(ConfigMap, { metadata: { name: 'c', namespace: 'default' }, data: { 'a.conf': 'hush' } });
    const containers = [{ name: 'c', image: 'nginx:1.27' }];
    await client.create(Pod, { metadata: { name: 'p', namespace: 'default', labels: { app: 'web' } }, spec: { containers } });
    await client.create(CustomResourceDefinition, {
      metadata: { name: 'cups.tea.example' },
      spec: {
        group: 'tea.example',
        names: { kind: 'Cup', plural: 'cups' },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    const phase = (): unknown =>
      (facts.get(core('Pod'), 'default', 'p') as { status?: { phase?: string } } | undefined)?.status?.phase;
    await until(() => phase() === 'Running' && facts.definitions.length === 1 && facts.list(core('Event')).length > 0);
    expect(names(facts.podsMatching('default', parseLabelSelector('app=web')))).toEqual(['p']);
    await until(
      () => facts.get(core('Secret'), 'default', 's') !== undefined && facts.get(core('ConfigMap'), 'default', 'c') !== undefined,
    );
    expect(facts.get(core('Secret'), 'default', 's')?.['data']).toEqual({ password: '' });
    expect(facts.get(core('ConfigMap'), 'default', 'c')?.['data']).toEqual({ 'a.conf': '' });

    await client.delete(Pod, { namespace: 'default', name: 'p' }, { gracePeriodSeconds: 0 });
    await until(() => facts.get(core('Pod'), 'default', 'p') === undefined);
    const before = facts.revision;
    facts.follow(undefined);
    expect([facts.state, facts.knows(core('Node')), facts.list(core('Node')), facts.context]).toEqual([
      'none',
      false,
      [],
      undefined,
    ]);
    expect(facts.revision).toBeGreaterThan(before);
  });
});

describe('of a server that misbehaves', () => {
  const now = new RealClock().now();
  const { ca, serving } = createCertificates(now);
  let server: ScriptedServer;
  let clock: HurriedClock;

  const answer = (asked: Asked, items: object[] = []): void => {
    if (asked.query.has('watch')) asked.response.flushHeaders();
    else answerJson(asked, 200, { metadata: { resourceVersion: '1' }, items });
  };
  const point = (port = new URL(server.url).port, authority = ca.cert): void =>
    writeFileSync(
      kubeconfig,
      kubeconfigText({ name: 'real', server: `https://127.0.0.1:${port}`, ca: authority, credentials: { token: 't' } }),
    );

  beforeEach(async () => {
    server = await new ScriptedServer({ ca: ca.cert, ...serving }, answer).start();
    clock = new HurriedClock();
    factsBy(clock);
    point();
  });
  afterEach(async () => {
    facts.dispose();
    await server.stop();
  });

  it('kinds that may not be seen are done without', async () => {
    server.script((asked) => {
      if (asked.path.endsWith('/secrets')) answerStatus(asked, 403, 'Forbidden', 'secrets is forbidden');
      else if (asked.path.endsWith('/runtimeclasses')) asked.response.writeHead(404).end('404 page not found');
      else answer(asked, asked.path.endsWith('/namespaces') ? [{ metadata: { name: 'n' } }] : []);
    });
    facts.follow(target);
    await until(() => facts.knows(core('Pod')) && facts.knows(core('Namespace')));
    expect([facts.state, facts.knows(core('Secret')), facts.knows({ group: 'node.k8s.io', kind: 'RuntimeClass' })]).toEqual([
      'live',
      false,
      false,
    ]);
    expect(facts.list(core('Namespace'))).toMatchObject([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }]);
    expect(said).toEqual(['connecting', 'connecting', 'live']);
  });

  it('credentials that are not accepted lose the cluster, said once, until the kubeconfig has others', async () => {
    server.script((asked) => {
      if (asked.headers.authorization === 'Bearer t') answerStatus(asked, 401, 'Unauthorized', 'Unauthorized');
      else answer(asked);
    });
    facts.follow(target);
    await until(() => facts.state === 'lost');
    const asked = server.asked.length;
    await server.next(() => true, asked + 40);
    expect(said.slice(2)).toEqual([`lost: ${server.url} does not accept the kubeconfig's credentials.`]);
    writeFileSync(kubeconfig, kubeconfigText({ name: 'real', server: server.url, ca: ca.cert, credentials: { token: 'new' } }));
    await until(() => facts.state === 'live');
    expect(said.slice(3)).toEqual(['live']);
  });

  it('one that goes away is lost once and forgotten until it is back', async () => {
    const node = { metadata: { name: 'node-1', resourceVersion: '1' } };
    server.script((asked) => answer(asked, asked.path.endsWith('/nodes') ? [node] : []));
    facts.follow(target);
    await until(() => facts.knows(core('Node')) && facts.knows(core('Pod')));
    await server.stop();
    await until(() => facts.state === 'lost');
    expect([facts.list(core('Node')), facts.knows(core('Node')), facts.context]).toEqual([[], false, 'real']);
    while (clock.waits.length < 200) await new Promise(setImmediate);
    await server.start();
    await until(() => facts.knows(core('Node')) && facts.knows(core('Pod')));
    expect(names(facts.list(core('Node')))).toEqual(['node-1']);
    expect(said.slice(2)).toEqual(['live', expect.stringMatching(/^lost: .*(Nothing answers|ended the connection)/), 'live']);
  });

  it('one that comes back elsewhere, under another certificate, is found by its kubeconfig', async () => {
    facts.follow(target);
    await until(() => facts.state === 'live');
    await server.stop();
    await until(() => facts.state === 'lost');
    const other = createCertificates(now);
    const next = await new ScriptedServer({ ca: other.ca.cert, ...other.serving }, (asked) =>
      answer(asked, asked.path.endsWith('/nodes') ? [{ metadata: { name: 'new' } }] : []),
    ).start();
    try {
      point(new URL(next.url).port, other.ca.cert);
      await until(() => names(facts.list(core('Node'))).includes('new'));
      expect(said.slice(2)).toEqual(['live', expect.stringMatching(/^lost: .*(Nothing answers|ended the connection)/), 'live']);
    } finally {
      facts.dispose();
      await next.stop();
    }
  });

  it('a kubeconfig that is not there yet is waited for', async () => {
    rmSync(kubeconfig);
    facts.follow(target);
    await until(() => facts.state === 'lost');
    expect(said.at(-1)).toBe(`lost: There is no kubeconfig at ${kubeconfig}.`);
    point();
    await until(() => facts.state === 'live');
    expect(said).toEqual(['connecting', `lost: There is no kubeconfig at ${kubeconfig}.`, 'live']);
  });

  it('many changes are told of together', async () => {
    facts.follow(target);
    await until(() => facts.knows(core('Pod')));
    const { response } = await server.next(({ path: asked, query }) => asked.endsWith('/pods') && query.has('watch'));
    const told: ReadonlySet<string>[] = [];
    facts.onChange((kinds) => told.push(kinds));
    const before = facts.revision;
    const events = Array.from({ length: 500 }, (_, i) =>
      JSON.stringify({ type: 'ADDED', object: { metadata: { name: `p${i}`, namespace: 'n' } } }),
    );
    response.write(`${events.join('\n')}\n`);
    await until(() => facts.list(core('Pod'), 'n').length === 500);
    expect(facts.revision - before).toBeGreaterThanOrEqual(500);
    expect(told.length).toBeLessThan(20);
    expect(told.some((kinds) => kinds.has('/Pod'))).toBe(true);
  });

  it('another target ends the first at once', async () => {
    facts.follow(target);
    await until(() => facts.state === 'live');
    facts.follow({ ...target, context: 'nowhere' });
    expect([facts.state, facts.context, facts.list(core('Pod'))]).toEqual(['connecting', 'nowhere', []]);
    await until(() => facts.state === 'lost');
    expect(said.at(-1)).toBe(`lost: The kubeconfig ${kubeconfig} has no context "nowhere"; it has "real".`);
  });
});
