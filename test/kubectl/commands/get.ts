/** `get` in all its forms, and watching. */
import { beforeAll, expect, it } from 'vitest';
import type { Kubectl } from '../kubectl.ts';
import { configMap, shellPod } from '../manifests.ts';

export function getCommands(kubectl: Kubectl): void {
  const namespace = `${kubectl.id}-get`;
  const inside = kubectl.in(namespace);

  beforeAll(async () => {
    await kubectl.ok`create namespace ${namespace}`;
    const pod = (name: string, labels: Record<string, string>) => shellPod(name, 'exec sleep 1000', {}, labels);
    const list = [pod('pod-a', { app: 'a', tier: 'back' }), pod('pod-b', { app: 'b' }), configMap('map', { key: 'value' })];
    await inside.input(list.join('\n')).ok`apply -f -`;
    await inside.ok`wait --for=condition=Ready pod --all --timeout=30s`;
  });

  const table: [what: string, get: () => Promise<string>, expected: string | RegExp][] = [
    [
      'a table',
      () => inside.ok`get pods`,
      /^NAME {4}READY {3}STATUS {4}RESTARTS {3}AGE\npod-a {3}1\/1 {5}Running {3}0 {10}\d+s\npod-b {3}1\/1 {5}Running {3}0 {10}\d+s\n$/,
    ],
    [
      'a wide table',
      () => inside.ok`get pods -o wide`,
      /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n(pod-[ab] +1\/1 +Running +0 +\d+s +10\.244\.\d+\.\d+ +node-\d +<none> +<none>\n){2}$/,
    ],
    ['no headers', () => inside.ok`get pods --no-headers`, /^pod-a +1\/1 .*\npod-b +1\/1 .*\n$/],
    ['labels', () => inside.ok`get pods --show-labels`, /LABELS\npod-a .* app=a,tier=back\npod-b .* app=b\n$/],
    ['labels as columns', () => inside.ok`get pods -L app,tier`, /AGE +APP +TIER\npod-a .* a +back\npod-b .* b +\n$/],
    ['selected by label', () => inside.ok`get pods -l ${'app in (a,c),tier'} -o name`, 'pod/pod-a\n'],
    ['not selected by label', () => inside.ok`get pods -l app!=a -o name`, 'pod/pod-b\n'],
    [
      'selected by field',
      () => inside.ok`get pods --field-selector=status.phase=Running,metadata.name=pod-b -o name`,
      'pod/pod-b\n',
    ],
    ['names of several kinds', () => inside.ok`get pods/pod-a configmap/map -o name`, 'pod/pod-a\nconfigmap/map\n'],
    [
      'several kinds',
      () => inside.ok`get pod,configmap -o name`,
      /^pod\/pod-a\npod\/pod-b\nconfigmap\/kube-root-ca\.crt\nconfigmap\/map\n$/,
    ],
    [
      'tables of several kinds',
      () => inside.ok`get pod/pod-a configmap/map`,
      /^NAME +READY.*\npod\/pod-a .*\n\nNAME +DATA +AGE\nconfigmap\/map +1 +\d+s\n$/,
    ],
    [
      'jsonpath',
      () => inside.ok`get pods -o ${'jsonpath={range .items[*]}{.metadata.name}: {.status.phase}{"\\n"}{end}'}`,
      'pod-a: Running\npod-b: Running\n',
    ],
    [
      'jsonpath with a filter',
      () => inside.ok`get pods -o ${'jsonpath={.items[?(@.metadata.labels.tier=="back")].metadata.name}'}`,
      'pod-a',
    ],
    [
      'go-template',
      () => inside.ok`get configmap map -o ${'go-template={{range $k, $v := .data}}{{$k}}={{$v}}{{end}}'}`,
      'key=value',
    ],
    [
      'custom columns',
      () => inside.ok`get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image,TIER:.metadata.labels.tier`,
      'NAME    IMAGE          TIER\npod-a   busybox:1.36   back\npod-b   busybox:1.36   <none>\n',
    ],
    [
      'sorted',
      () => inside.ok`get configmaps --sort-by=.metadata.creationTimestamp -o name`,
      'configmap/kube-root-ca.crt\nconfigmap/map\n',
    ],
    ['sorted backwards', () => inside.ok`get pods --sort-by={.metadata.labels.tier} -o name`, 'pod/pod-b\npod/pod-a\n'],
    [
      'all namespaces',
      () => kubectl.ok`get pods -A --field-selector=metadata.namespace=${namespace}`,
      new RegExp(`^NAMESPACE +NAME .*\\n${namespace} +pod-a .*\\n${namespace} +pod-b .*\\n$`),
    ],
    ['in pages', () => inside.ok`get pods --chunk-size=1 -o name`, 'pod/pod-a\npod/pod-b\n'],
    [
      'a raw path',
      () => kubectl.ok`get --raw /api/v1/namespaces/${namespace}/configmaps/map`,
      /^\{.*"data":\{"key":"value"\}.*\}\n?$/,
    ],
    ['a subresource', () => inside.ok`get pod pod-a --subresource=status -o jsonpath={.status.phase}`, 'Running'],
    [
      'in yaml, with a list around',
      () => inside.ok`get pods -o yaml`,
      /^apiVersion: v1\nitems:\n- apiVersion: v1\n {2}kind: Pod\n[^]*\nkind: List\nmetadata:\n {2}resourceVersion: ""\n$/,
    ],
  ];
  it.each(table)('get: %s', async (_, get, expected) => {
    const text = await get();
    if (typeof expected === 'string') expect(text).toBe(expected);
    else expect(text).toMatch(expected);
  });

  it('get says what is not there', async () => {
    expect(await inside.run`get deployments`).toEqual({
      code: 0,
      stdout: '',
      stderr: `No resources found in ${namespace} namespace.\n`,
    });
    expect(await inside.fails`get pod nobody`).toBe('Error from server (NotFound): pods "nobody" not found\n');
    expect(await inside.fails`get unknowns`).toBe('error: the server doesn\'t have a resource type "unknowns"\n');
    expect(await inside.fails`get pods --field-selector=spec.unknown=1`).toMatch(
      /^Error from server \(BadRequest\): Unable to find "\/v1, Resource=pods" that match label selector "", field selector "spec\.unknown=1": field label not supported: spec\.unknown\n$/,
    );
    expect(await inside.ok`get pod nobody --ignore-not-found`).toBe('');
  });

  it('get -w shows each change', async () => {
    await inside.input(configMap('watched', { a: '1' })).ok`apply -f -`;
    const rows = inside.start`get configmap watched --watch`;
    await rows.until(/watched +1 +\d+s\n/);
    await inside.input(configMap('watched', { a: '1', b: '2' })).ok`apply -f -`;
    await rows.until(/watched +2 +\d+s\n/);
    const events = inside.start`get configmaps --field-selector=metadata.name=watched --watch --output-watch-events --no-headers`;
    await events.until(/^ADDED +watched +2 +\d+s\n/);
    await inside.ok`delete configmap watched`;
    await events.until(/\nDELETED +watched +2 +\d+s\n/);
    await events.stop();
    expect((await rows.stop()).stdout).toMatch(/^NAME +DATA +AGE\nwatched +1 +\d+s\nwatched +2 +\d+s\n(watched +2 +\d+s\n)?$/);
  });

  it('get -w follows a pod from its creation to its end', async () => {
    const rows = inside.start`get pods -l app=brief --watch --output-watch-events`;
    await inside.input(shellPod('brief', 'exit 0', { restartPolicy: 'Never' })).ok`apply -f -`;
    await rows.until(/ADDED +brief +0\/1 +Pending +0 +\d+s\n(MODIFIED.*\n)*MODIFIED +brief +0\/1 +Completed +0 +\d+s\n/);
    await rows.stop();
  });
}
