/** An API server that has nothing but many pods: it lists them in pages, and its watches stay silent. Plain HTTP on 127.0.0.1. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PodListServer {
  close(): Promise<void>;
}

/** `kubeconfig`: the file that is written for it. */
export async function startPodListServer(count: number, kubeconfig: string): Promise<PodListServer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    response.writeHead(200, { 'Content-Type': 'application/json' });
    if (searchParams.get('watch')) return void response.flushHeaders();
    const from = Number(searchParams.get('continue') ?? 0);
    const to = Math.min(count, from + Number(searchParams.get('limit') ?? count));
    const items = pathname.endsWith('/pods') ? Array.from({ length: to - from }, (_, i) => pod(from + i)) : [];
    const next = items.length > 0 && to < count ? { continue: `${to}` } : {};
    response.end(JSON.stringify({ metadata: { resourceVersion: '1', ...next }, items }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'many-pods',
    contexts: [{ name: 'many-pods', context: { cluster: 'many-pods', user: 'many-pods' } }],
    clusters: [{ name: 'many-pods', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'many-pods', user: { token: 'none' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const time = '2026-01-01T00:00:00Z';
const condition = (type: string): object => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: time });

/** As a real cluster would list it, of the applications that `manifestFolder` writes. */
function pod(i: number): object {
  const app = `app-${i % 833}`;
  const name = `${app}-${(i % 7919).toString(36)}-${i.toString(36).padStart(5, '0')}`;
  const mount = { name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  return {
    metadata: {
      name,
      generateName: `${app}-`,
      namespace: `team-${(i % 833) % 40}`,
      uid: `00000000-0000-4000-8000-${i.toString().padStart(12, '0')}`,
      resourceVersion: `${i + 1}`,
      creationTimestamp: time,
      labels: { 'app.kubernetes.io/name': app, 'pod-template-hash': (i % 7919).toString(36) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: app, uid: 'u', controller: true, blockOwnerDeletion: true },
      ],
      managedFields: [
        {
          manager: 'kube-controller-manager',
          operation: 'Update',
          apiVersion: 'v1',
          time,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } }, 'f:spec': { 'f:containers': {} } },
        },
      ],
    },
    spec: {
      volumes: [
        { name: 'kube-api-access', projected: { defaultMode: 420, sources: [{ serviceAccountToken: { path: 'token' } }] } },
      ],
      containers: [
        {
          name: 'web',
          image: 'nginx:1.27',
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          resources: { requests: { cpu: '100m', memory: '64Mi' } },
          volumeMounts: [mount],
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: app,
      nodeName: `node-${i % 100}`,
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
      priority: 0,
      enableServiceLinks: true,
    },
    status: {
      phase: 'Running',
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
      hostIP: '172.18.0.2',
      podIP: `10.244.${i >> 8}.${i & 255}`,
      podIPs: [{ ip: `10.244.${i >> 8}.${i & 255}` }],
      startTime: time,
      containerStatuses: [
        {
          name: 'web',
          state: { running: { startedAt: time } },
          lastState: {},
          ready: true,
          restartCount: 0,
          image: 'nginx:1.27',
          imageID: 'docker.io/library/nginx@sha256:0',
          containerID: `containerd://${i}`,
          started: true,
        },
      ],
      qosClass: 'Burstable',
    },
  };
}
