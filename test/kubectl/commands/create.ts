/** `create` with each of its generators, `run` without a terminal, and tokens. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { createCredentials } from '#runtime/apiserver/http/credentialsFile.ts';
import type { Kubectl } from '../kubectl.ts';

export function createCommands(kubectl: Kubectl): void {
  const { id } = kubectl;
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  /** Its command line, what it says, and fields of what then exists. */
  const generators: [command: string, said: string, expected: object][] = [
    [
      'deployment gen --image=nginx:1.27 --replicas=2 --port=80',
      'deployment.apps/gen',
      {
        metadata: { labels: { app: 'gen' } },
        spec: {
          replicas: 2,
          template: {
            spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80, protocol: 'TCP' }] }] },
          },
        },
      },
    ],
    ['configmap gen-literal --from-literal=a=1 --from-literal=b=two', 'configmap/gen-literal', { data: { a: '1', b: 'two' } }],
    ['secret generic gen-generic --from-literal=user=me', 'secret/gen-generic', { type: 'Opaque', data: { user: base64('me') } }],
    [
      'secret docker-registry gen-registry --docker-server=registry.example --docker-username=me --docker-password=secret',
      'secret/gen-registry',
      {
        type: 'kubernetes.io/dockerconfigjson',
        data: {
          '.dockerconfigjson': base64(
            JSON.stringify({ auths: { 'registry.example': { username: 'me', password: 'secret', auth: base64('me:secret') } } }),
          ),
        },
      },
    ],
    [`namespace ${id}-gen`, `namespace/${id}-gen`, { status: { phase: 'Active' }, spec: { finalizers: ['kubernetes'] } }],
    ['serviceaccount gen', 'serviceaccount/gen', { metadata: { name: 'gen' } }],
    [
      'service clusterip gen-ip --tcp=5678:8080',
      'service/gen-ip',
      { spec: { type: 'ClusterIP', ports: [{ name: '5678-8080', port: 5678, targetPort: 8080 }] } },
    ],
    [
      'service nodeport gen-node --tcp=80',
      'service/gen-node',
      { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: expect.any(Number) as number }] } },
    ],
    [
      'service loadbalancer gen-balancer --tcp=80',
      'service/gen-balancer',
      { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true } },
    ],
    [
      'service externalname gen-name --external-name=example.com',
      'service/gen-name',
      { spec: { type: 'ExternalName', externalName: 'example.com' } },
    ],
    [
      'job gen --image=busybox:1.36 -- echo done',
      'job.batch/gen',
      { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ command: ['echo', 'done'] }] } } } },
    ],
    [
      'cronjob gen --image=busybox:1.36 --schedule=@yearly -- echo done',
      'cronjob.batch/gen',
      { spec: { schedule: '@yearly', concurrencyPolicy: 'Allow' } },
    ],
    [
      'role gen --verb=get,list --resource=pods,deployments.apps',
      'role.rbac.authorization.k8s.io/gen',
      {
        rules: [
          { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
          { apiGroups: ['apps'], resources: ['deployments'] },
        ],
      },
    ],
    [
      'rolebinding gen --role=gen --user=bob --serviceaccount=default:gen',
      'rolebinding.rbac.authorization.k8s.io/gen',
      {
        roleRef: { kind: 'Role', name: 'gen' },
        subjects: [
          { kind: 'User', name: 'bob' },
          { kind: 'ServiceAccount', name: 'gen', namespace: 'default' },
        ],
      },
    ],
    [
      `clusterrole ${id}-gen --verb=get --non-resource-url=/metrics`,
      `clusterrole.rbac.authorization.k8s.io/${id}-gen`,
      { rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] },
    ],
    [
      `clusterrolebinding ${id}-gen --clusterrole=${id}-gen --group=readers`,
      `clusterrolebinding.rbac.authorization.k8s.io/${id}-gen`,
      { subjects: [{ kind: 'Group', name: 'readers' }] },
    ],
    [
      'quota gen --hard=configmaps=1000,services=1000',
      'resourcequota/gen',
      { spec: { hard: { configmaps: '1k', services: '1k' } } },
    ],
    [
      `priorityclass ${id}-gen --value=7 --description=seven`,
      `priorityclass.scheduling.k8s.io/${id}-gen`,
      { value: 7, description: 'seven', preemptionPolicy: 'PreemptLowerPriority' },
    ],
    [
      'poddisruptionbudget gen --selector=app=gen --min-available=50%',
      'poddisruptionbudget.policy/gen',
      { spec: { minAvailable: '50%', selector: { matchLabels: { app: 'gen' } } } },
    ],
    [
      'ingress gen --rule=example.com/path*=gen-ip:5678',
      'ingress.networking.k8s.io/gen',
      {
        spec: {
          rules: [
            {
              host: 'example.com',
              http: {
                paths: [{ path: '/path', pathType: 'Prefix', backend: { service: { name: 'gen-ip', port: { number: 5678 } } } }],
              },
            },
          ],
        },
      },
    ],
  ];
  it.each(generators)('create %s', async (command, said, expected) => {
    expect(await kubectl.ok`create ${command.split(' ')}`).toBe(`${said} created\n`);
    expect(JSON.parse(await kubectl.ok`get ${said} -o json`)).toMatchObject(expected);
  });

  it('create configmap and secret from files', async () => {
    const folder = kubectl.folder('sources', {
      'app.properties': 'color=blue\nsize=1\n',
      'vars.env': '# a comment\nCOLOR=blue\nEMPTY=\n',
    });
    expect(
      await kubectl.ok`create configmap from-file --from-file=${path.join(folder, 'app.properties')} --from-file=other=${path.join(folder, 'vars.env')}`,
    ).toBe('configmap/from-file created\n');
    expect(JSON.parse(await kubectl.ok`get configmap from-file -o jsonpath={.data}`)).toEqual({
      'app.properties': 'color=blue\nsize=1\n',
      other: '# a comment\nCOLOR=blue\nEMPTY=\n',
    });
    expect(await kubectl.ok`create configmap from-env --from-env-file=${path.join(folder, 'vars.env')}`).toBe(
      'configmap/from-env created\n',
    );
    expect(JSON.parse(await kubectl.ok`get configmap from-env -o jsonpath={.data}`)).toEqual({ COLOR: 'blue', EMPTY: '' });
    expect(await kubectl.ok`create secret generic from-file --from-file=${folder}`).toBe('secret/from-file created\n');
    expect(await kubectl.ok`get secret from-file -o ${'go-template={{index .data "app.properties" | base64decode}}'}`).toBe(
      'color=blue\nsize=1\n',
    );
  });

  it('create secret tls', async () => {
    const { serving } = createCredentials(Date.now());
    const folder = kubectl.folder('tls', { 'tls.crt': serving.cert, 'tls.key': serving.key });
    expect(
      await kubectl.ok`create secret tls tls --cert=${path.join(folder, 'tls.crt')} --key=${path.join(folder, 'tls.key')}`,
    ).toBe('secret/tls created\n');
    expect(await kubectl.ok`get secret tls`).toMatch(/^NAME +TYPE +DATA +AGE\ntls +kubernetes\.io\/tls +2 +\d+s\n$/);
    expect(await kubectl.ok`get secret tls -o ${'jsonpath={.data.tls\\.crt}'}`).toBe(base64(serving.cert));
  });

  it('create job from a cron job', async () => {
    await kubectl.ok`create cronjob nightly --image=busybox:1.36 --schedule=${'0 0 1 1 *'} -- echo ${'good night'}`;
    expect(await kubectl.ok`create job tonight --from=cronjob/nightly`).toBe('job.batch/tonight created\n');
    expect(await kubectl.ok`wait --for=condition=Complete job/tonight --timeout=30s`).toBe('job.batch/tonight condition met\n');
    expect(await kubectl.ok`logs job/tonight`).toBe('good night\n');
    expect(await kubectl.ok`get job tonight`).toMatch(
      /^NAME +STATUS +COMPLETIONS +DURATION +AGE\ntonight +Complete +1\/1 +\d+s +\d+s\n$/,
    );
    expect(await kubectl.fails`create job tonight --from=cronjob/nightly`).toBe(
      'error: failed to create job: jobs.batch "tonight" already exists\n',
    );
    await kubectl.ok`delete cronjob nightly`;
  });

  it('create token for a service account, which is let in with it', async () => {
    await kubectl.ok`create serviceaccount visitor`;
    const token = (await kubectl.ok`create token visitor --duration=1h`).trim();
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      sub: string;
      exp: number;
      iat: number;
    };
    expect(claims.sub).toBe(`system:serviceaccount:${id}:visitor`);
    expect(claims.exp - claims.iat).toBe(3600);
    const kubeconfig = path.join(kubectl.folder('visitor', { kubeconfig: await kubectl.ok`config view --raw` }), 'kubeconfig');
    await kubectl.ok`--kubeconfig=${kubeconfig} config set-credentials visitor --token=${token}`;
    await kubectl.ok`--kubeconfig=${kubeconfig} config set-context --current --user=visitor`;
    expect(await kubectl.fails`--kubeconfig=${kubeconfig} get pods`).toBe(
      `Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:${id}:visitor" cannot list resource "pods" in API group "" in the namespace "${id}"\n`,
    );
    await kubectl.ok`create rolebinding visitor --clusterrole=view --serviceaccount=${id}:visitor`;
    expect(await kubectl.ok`--kubeconfig=${kubeconfig} get configmap kube-root-ca.crt -o name`).toBe(
      'configmap/kube-root-ca.crt\n',
    );
    expect(await kubectl.run`--kubeconfig=${kubeconfig} auth can-i delete pods`).toMatchObject({ code: 1, stdout: 'no\n' });
  });

  it('create --dry-run prints what it would create', async () => {
    expect(await kubectl.ok`create configmap printed --from-literal=a=1 --dry-run=client -o yaml`).toMatch(
      /^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\nmetadata:\n( {2}creationTimestamp: null\n)? {2}name: printed\n/,
    );
    expect(
      await kubectl.ok`create configmap printed --from-literal=a=1 --dry-run=server -o jsonpath=${'{.metadata.namespace} {.metadata.resourceVersion}'}`,
    ).toBe(`${id} `);
    expect(await kubectl.ok`create service clusterip printed --tcp=80 --dry-run=server`).toBe(
      'service/printed created (server dry run)\n',
    );
  });

  it('run makes a pod', async () => {
    expect(await kubectl.ok`run server --image=nginx:1.27 --port=80 --labels=app=server --env=COLOR=blue --expose`).toBe(
      'service/server created\npod/server created\n',
    );
    expect(await kubectl.ok`wait --for=condition=Ready pod/server --timeout=30s`).toBe('pod/server condition met\n');
    expect(await kubectl.ok`exec server -- printenv COLOR`).toBe('blue\n');
    expect(await kubectl.ok`delete pod/server service/server`).toMatch(/^pod "server" deleted.*\nservice "server" deleted.*\n$/);
  });
}
