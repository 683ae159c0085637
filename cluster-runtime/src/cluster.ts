/**
 * The composition root: the only file that sees every component. Reading it is reading the control plane's diagram:
 *
 *   journal → store → registry ← API server ← kubectl, editor, anybody
 *                        ↑
 *              in-process client, informers ← controllers, scheduler, kubelets → containers, network
 */
import type { Duplex } from 'node:stream';
import { connect as connectSocket } from 'node:net';
import { randomInt } from 'node:crypto';
import { type Clock, RealClock } from '#common/base/clock.ts';
import { type Context, drainTasks, spawnTask } from '#common/base/context.ts';
import type { Log } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { keyOf } from '#common/api/meta.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import { apiServerAddress, bootstrapObjects } from './addons/bootstrapObjects.ts';
import { newNode } from './addons/nodes.ts';
import { allPlugins } from './apiserver/admission/allPlugins.ts';
import { type ApiServer, createApiServer } from './apiserver/apiServer.ts';
import { createAuthenticator } from './apiserver/authentication/authenticator.ts';
import { ServiceAccountTokens } from './apiserver/authentication/serviceAccountTokens.ts';
import { rbacEscalation } from './apiserver/authorization/escalation.ts';
import { RbacAuthorizer } from './apiserver/authorization/rbac.ts';
import { serveCustomResources } from './apiserver/crd/serveCustomResources.ts';
import { createDiscovery } from './apiserver/discovery/discovery.ts';
import { createCredentials, loadCredentials } from './apiserver/http/credentialsFile.ts';
import { kubeconfigText } from './apiserver/http/kubeconfig.ts';
import { createOpenApi } from './apiserver/openapi/openApi.ts';
import { type ApiRegistry, createRegistry } from './apiserver/registry/apiRegistry.ts';
import type { Cache, Client } from './client/client.ts';
import { createCache } from './client/informerCache.ts';
import { createLocalClient } from './client/localClient.ts';
import { createSimulatedRuntime } from './containers/simulated/simulatedRuntime.ts';
import { startControllers } from './controller/runController.ts';
import { recordEvents } from './controller/recordEvents.ts';
import { controllersFor } from './controllers/allControllers.ts';
import { createKubelets } from './kubelet/kubelets.ts';
import type { TokenRequest } from './kubelet/options.ts';
import { createNetwork } from './network/createNetwork.ts';
import { NodePorts } from './network/nodePorts.ts';
import { runScheduler } from './scheduler/scheduler.ts';
import { openSqliteJournal } from './store/journal/sqliteJournal.ts';
import { MemoryStore } from './store/memoryStore.ts';
import path from 'node:path';

export interface ClusterOptions {
  /** How many nodes a new cluster gets; one that comes back keeps those it had. */
  readonly nodes: number;
  /** Of the API on 127.0.0.1; 0 takes `lastPort` if it is free, or any other. */
  readonly port: number;
  /** The port that this cluster had before, which kubeconfigs may still name. */
  readonly lastPort?: number;
  /** Where `cluster.sqlite` and the certificates lie; undefined keeps everything in memory. */
  readonly folder: string | undefined;
  readonly speed?: number;
  readonly latency: 'typical' | 'none';
  /** Makes names and choices repeatable. */
  readonly seed?: number;
  /** Instead of the real clock, for tests. */
  readonly clock?: Clock;
  /** Deep-freezes what is stored. For tests. */
  readonly freeze?: boolean;
  readonly log: Log;
}

export interface Cluster {
  readonly server: string;
  /** A kubeconfig for a user in system:masters, as text. */
  readonly kubeconfig: string;
  readonly registry: ApiRegistry;
  readonly client: Client;
  readonly cache: Cache;
  /** Resolves when nothing is being worked on right now. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

const admin = { name: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] };

/** Resolves when the API answers and every node is ready. Throws StateFileError, or the socket's error for a taken port. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const stopping = new AbortController();
  const clock = options.clock ?? new RealClock(options.speed ?? 1);
  const random = new Random(options.seed ?? randomInt(2 ** 32));
  const ctx: Context = { signal: stopping.signal, clock, random, log: options.log, tasks: new Set() };

  // Clients check certificates by their own clock.
  const wallTime = new RealClock().now();
  const journal = options.folder === undefined ? undefined : openSqliteJournal(path.join(options.folder, 'cluster.sqlite'));
  const credentials =
    options.folder === undefined
      ? createCredentials(wallTime)
      : loadCredentials(path.join(options.folder, 'credentials.json'), wallTime);
  const store = new MemoryStore({ ...(journal ? { journal } : {}), freeze: options.freeze ?? false });
  // Admission asks the authorizer what a role's author has; the authorizer reads roles through the registry.
  const admissionPlugins = [...allPlugins, rbacEscalation(() => rbac)];
  const registry = createRegistry({ store, clock, random, admissionPlugins });
  const rbac: RbacAuthorizer = new RbacAuthorizer(registry);
  const client = createLocalClient(registry, admin, 'kube-playground');
  const cache = createCache(store, registry);
  const customResources = serveCustomResources(registry, cache);
  const events = recordEvents(ctx, client.as('system:kube-playground', 'kube-playground'));

  let apiPort = 0;
  const network = createNetwork(ctx, { cache, connectApiServer: (): Duplex => connectSocket(apiPort, '127.0.0.1') });
  const nodePorts = new NodePorts(ctx, {
    network,
    reportProblem: (service, message) => {
      ctx.log.warn(message);
      events.as('kube-proxy').event(service, 'Warning', 'NodePortUnavailable', message);
    },
  });
  const runtime = createSimulatedRuntime(ctx, { network, latency: options.latency });
  const serviceAccountTokens = new ServiceAccountTokens({ privateKey: credentials.serviceAccountKey, registry, clock, random });
  const kubelets = createKubelets(ctx, {
    client: client.as('system:node', 'kubelet'),
    cache,
    events,
    runtime,
    network,
    instant: options.latency === 'none',
    mintToken: (request) => mintPodToken(request, serviceAccountTokens, cache),
  });
  const apiServer = createApiServer({
    ctx,
    registry,
    store,
    streams: kubelets.streams,
    authenticator: createAuthenticator({ serviceAccountTokens, staticTokens: [{ token: credentials.adminToken, user: admin }] }),
    rbac,
    serviceAccountTokens,
    connect: (ip, port) => network.connect(apiServerAddress, ip, port),
    healthChecks: [{ name: 'etcd', check: () => store.healthy }],
    certificates: { ...credentials.serving, ca: credentials.ca.cert },
    discovery: createDiscovery(registry),
    openapi: createOpenApi(registry),
  });

  try {
    apiPort = await listen(apiServer, options);
  } catch (error) {
    await store.close();
    throw error;
  }
  await seed(client, cache, options);

  const controllers = startControllers(ctx, { client, cache, events }, controllersFor({ rootCertificate: credentials.ca.cert }));
  spawnTask(ctx, 'scheduler', () =>
    runScheduler(ctx, { client: client.as('system:kube-scheduler', 'kube-scheduler'), cache, events }),
  );
  spawnTask(ctx, 'kubelets', () => kubelets.run());
  spawnTask(ctx, 'node ports', () => nodePorts.run());
  await allNodesReady(cache);

  const server = `https://127.0.0.1:${apiPort}`;
  return {
    server,
    kubeconfig: kubeconfigText({
      name: 'kube-playground',
      server,
      ca: credentials.ca.cert,
      credentials: { token: credentials.adminToken },
    }),
    registry,
    client,
    cache,
    whenIdle: () => controllers.whenIdle(),
    async close() {
      await apiServer.close();
      stopping.abort();
      await Promise.all([controllers.finished, drainTasks(ctx)]);
      network.dispose();
      customResources.dispose();
      cache.dispose();
      await store.close();
    },
  };
}

async function listen(apiServer: ApiServer, { port, lastPort }: ClusterOptions): Promise<number> {
  if (port === 0 && lastPort !== undefined) {
    try {
      return (await apiServer.listen(lastPort)).port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  return (await apiServer.listen(port)).port;
}

/** The token that a pod finds under its service account's mount. */
function mintPodToken(request: TokenRequest, tokens: ServiceAccountTokens, cache: Cache): string {
  const account = cache.get(ServiceAccount, { namespace: request.namespace, name: request.serviceAccount });
  return tokens.issue({
    account: { namespace: request.namespace, name: request.serviceAccount, uid: account?.metadata.uid ?? '' },
    audiences: [request.audience || tokens.issuer],
    expirationSeconds: request.expirationSeconds,
    pod: request.pod,
    node: { name: request.node, uid: cache.get(Node, { namespace: '', name: request.node })?.metadata.uid ?? '' },
  }).token;
}

/** Makes what is missing: everything in a new cluster, usually nothing in one that comes back. */
async function seed(client: Client, cache: Cache, options: ClusterOptions): Promise<void> {
  const isNew = cache.informer(Namespace).size === 0;
  for (const { kind, object } of bootstrapObjects()) if (!cache.get(kind, keyOf(object))) await client.create(kind, object);
  if (isNew) await Promise.all(Array.from({ length: options.nodes }, (_, i) => client.create(Node, newNode(`node-${i + 1}`))));
}

function allNodesReady(cache: Cache): Promise<void> {
  const nodes = cache.informer(Node);
  const ready = (): boolean =>
    nodes.list().every((node) => node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'));
  if (ready()) return Promise.resolve();
  return new Promise((resolve) => {
    const watching = nodes.onChange(() => {
      if (!ready()) return;
      watching.dispose();
      resolve();
    });
  });
}
