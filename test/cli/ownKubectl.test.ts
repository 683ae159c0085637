/**
 * The command's own kubectl beside a real one: the same words, against the same cluster, have to give the same text and the
 * same exit status. Ages and what clocks write are masked. Without a kubectl on this machine there is nothing to compare with.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKubectls } from '../kubectl/kubectls.ts';
import { run, type RunResult } from '../support/run.ts';
import { cliFile, projectFolder, startTestCluster, type TestCluster } from '../support/testCluster.ts';
import { ownKubectlManifests } from './ownKubectlManifests.ts';

const kubectls = await findKubectls();
/** Its words are those of 1.32. */
const real =
  kubectls.find(({ minor, file }) => minor === 32 && /kubectl\.1\.32/.test(file)) ?? kubectls.find(({ minor }) => minor === 32);

let cluster: TestCluster;
const examples = path.join(projectFolder, 'examples');
const env = (): Record<string, string> => ({ KUBECONFIG: cluster.kubeconfig, TZ: 'UTC' });
const own = (args: readonly string[], input?: string): Promise<RunResult> =>
  run(process.execPath, [cliFile, 'kubectl', '--any-cluster', ...args], {
    env: env(),
    ...(input === undefined ? {} : { input }),
  });
const theirs = (args: readonly string[], input?: string): Promise<RunResult> =>
  run(real?.file ?? '', args, { env: env(), ...(input === undefined ? {} : { input }) });

/** How many blanks follow an age, and stand below its title, depends on how long it is written. */
const masked = ({ code, stdout, stderr }: RunResult): RunResult => ({ code, stdout: mask(stdout), stderr: mask(stderr) });
const mask = (text: string): string =>
  text
    .replace(/\b\d+[smhd](?:\d+[smhd])?\b/g, 'AGE')
    .replace(/\(x\d+ over/g, '(xN over')
    .replace(/(AGE|Age|---|ago\)) +/g, '$1 ')
    // Between two looks the pull is tried again.
    .replace(/(?:ErrImagePull|ImagePullBackOff) */g, 'ImagePullBackOff ')
    .replace(/RenewTime: .*|Resource Version: .*|Renew Time: .*/g, '')
    .replaceAll('kubectl.1.32', 'kubectl');

const words = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

const commands = `
describe pod -n rich -l app=web
describe deploy -n rich
describe rs -n rich
describe statefulset db -n rich
describe pod db-0 -n rich
describe ds -n rich
describe cronjob -n rich
describe job once -n rich
describe svc -n rich
describe ingress -n rich
describe pvc -n rich
describe pv vol
describe hpa -n rich
describe pdb -n rich
describe sa robot -n rich
describe cm -n rich
describe secret -n rich
describe quota -n rich
describe limits -n rich
describe role -n rich
describe rolebinding -n rich
describe netpol -n rich
describe endpoints web -n rich
describe endpointslices -n rich
describe ns rich
describe node node-1
describe sc
describe crd crontabs.stable.example.com
describe clusterrole view
describe priorityclass
describe lease -n kube-node-lease node-1
describe deploy
describe rc
describe svc
describe job pi
describe secret mongodb
describe cm mongodb
describe pod missing-configmap
describe pod image-cannot-be-pulled
describe pod mongodb
describe pod nosuch
describe nosuch
describe
get pods
get pods -A
get all -n rich
get pods,svc,cm -n rich -o wide
get pod missing-configmap -o yaml
get pod missing-configmap -o json
get pods -n rich -o yaml
get cm -n rich -o yaml
get secret -n rich cred -o json
get nodes -o wide
get pods --show-labels
get pods -L app,role
get pods -l app=nginx -o name
get pod nosuch
get pod nosuch --ignore-not-found
get pods nosuch missing-configmap
get nosuch
get
get pods --sort-by=.metadata.name
get pods -o custom-columns=NAME:.metadata.name,IMG:.spec.containers[*].image,X:.nope
get pods -o 'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.podIP}{"\\n"}{end}'
get deploy/nginx svc/frontend
get pods -n empty
get pods -o json -l a=nothing
get pods -o foo
get pods --foo
get pods --field-selector=spec.unknown=1
get pod missing-configmap -A
get crd crontabs.stable.example.com -o yaml
get pods -n
foo
logs job/pi
logs web-nope
logs image-cannot-be-pulled
logs
exec missing-configmap
exec deploy/nginx -- echo hi
exec deploy/nginx -- sh -c 'exit 3'
exec -n rich deploy/web -- echo hi
scale deploy nope --replicas=2
scale deploy nginx
scale deploy nginx --replicas=3
scale deploy nginx --current-replicas=7 --replicas=3
expose deploy hello-minikube --name=x --port=8080 --dry-run=client -o yaml
expose svc frontend --name=fe2 --dry-run=client -o yaml
expose job pi --port=3
run nginx --image=nginx --port=80 --env=A=b --labels=a=b --restart=Never --dry-run=client -o yaml -- a b
run nginx
create cm foo --from-literal=a=b --from-literal=c=d --dry-run=client -o yaml
create secret generic foo --from-literal=a=b --dry-run=client -o yaml
create deploy foo --image=nginx:1 --replicas=2 --port=80 --dry-run=client -o yaml
create job foo --image=busybox --dry-run=client -o yaml -- echo hi
create ns default
create ns
apply -f RICH
apply -f RICH --dry-run=server
apply -f /nope
delete pod nope
delete pod nope --ignore-not-found
delete pods -l a=nothing
delete cm settings -n rich --dry-run=server
delete cm settings -n rich --dry-run=client
delete pods
rollout status deploy/nginx
rollout status ds/agent -n rich
rollout status sts/db -n rich
rollout history deploy/nginx
rollout history deploy/nginx --revision=1
rollout undo deploy/nginx
label deploy web -n rich app=other
label deploy web -n rich app=web
annotate deploy web -n rich a=b --dry-run=server
cordon node-1 --dry-run=client
uncordon node-1
cordon nope
explain pod
explain deployment.spec.replicas
explain pod.nope
api-resources
api-resources --api-group=apps -o wide
api-versions
config current-context
config view
wait --for=condition=Available deploy/nginx
wait --for=condition=Ready pod nope
`
  .split('\n')
  .filter(Boolean);

describe.skipIf(!real)('the own kubectl says what kubectl says', () => {
  beforeAll(async () => {
    cluster = await startTestCluster();
    mkdirSync(path.join(cluster.folder, 'm'));
    writeFileSync(path.join(cluster.folder, 'm', 'rich.yaml'), ownKubectlManifests);
    await expect(own(['apply', '-f', path.join(cluster.folder, 'm')])).resolves.toMatchObject({ code: 0, stderr: '' });
    // Node ports of the examples may be in use by somebody's cluster.
    for (const folder of ['guestbook', 'nginx-rollout', 'job-pi', 'mongo-express', 'hello-echo', 'broken'])
      await theirs(['apply', '-f', path.join(examples, folder)]);
    for (const what of ['deploy/nginx', 'deploy/mongodb']) await theirs(['rollout', 'status', what, '--timeout=30s']);
    await theirs(['wait', '--for=condition=Complete', 'job/pi', '--timeout=30s']);
    for (const what of ['deploy/web', 'sts/db', 'ds/agent'])
      await theirs(['rollout', 'status', what, '-n', 'rich', '--timeout=30s']);
    await theirs(['wait', '--for=condition=Complete', 'job/once', '-n', 'rich', '--timeout=30s']);
    // What crashes again and again is another between two looks at it.
    await theirs(['delete', 'pod', 'crash-loop']);
  }, 120_000);
  afterAll(() => cluster.stop());

  it.each(commands)('%s', async (line) => {
    const args = words(line).map((word) => (word === 'RICH' ? path.join(cluster.folder, 'm', 'rich.yaml') : word));
    const expected = await theirs(args);
    // kubectl writes the keys of these in the order of a Go map, which is another each time.
    const inAnyOrder = /^describe (?:cm|secret|limits|ns)/.test(line);
    const comparable = (result: RunResult): unknown => (inAnyOrder ? masked(result).stdout.split('\n').sort() : masked(result));
    expect(comparable(await own(args))).toEqual(comparable(expected));
  });

  it('either goes on with what the other applied', async () => {
    const map = (data: string): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"mixed"},"data":${data}}`;
    expect((await theirs(['apply', '-f', '-'], map('{"a":"1","b":"2"}'))).stdout).toBe('configmap/mixed created\n');
    expect((await own(['apply', '-f', '-'], map('{"a":"1","b":"2"}'))).stdout).toBe('configmap/mixed unchanged\n');
    expect((await own(['apply', '-f', '-'], map('{"a":"3"}'))).stdout).toBe('configmap/mixed configured\n');
    expect((await theirs(['apply', '-f', '-'], map('{"a":"3"}'))).stdout).toBe('configmap/mixed unchanged\n');
    expect((await own(['get', 'cm', 'mixed', '-o', 'jsonpath={.data}'])).stdout).toBe('{"a":"3"}');
    expect(await own(['delete', 'cm', 'mixed'])).toMatchObject({ code: 0, stdout: 'configmap "mixed" deleted\n' });
  });
});
