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
import { isSwitchedOn, Machine } from '#common/kinds/machine.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import { playgroundGroup } from '#common/kinds/playgroundGroup.ts';
import { bootstrapTokenNamespace } from '#common/kinds/bootstrapToken.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Secret } from '#common/kinds/secret.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import { apiServerAddress, bootstrapObjects } from './addons/bootstrapObjects.ts';
import { newNodes, type NodeShape } from './addons/nodes.ts';
import { metricsReader, metricsService } from './addons/metrics.ts';
import { storageAddon } from './addons/storage.ts';
import { rbacForComponents, rbacForUsers } from './addons/rbac/bootstrapRbac.ts';
import { reconcileRbac } from './addons/rbac/reconcileRbac.ts';
import { pluginsWith } from './apiserver/admission/allPlugins.ts';
import { certificateRights } from './apiserver/admission/certificateRights.ts';
import { policyPlugins } from './apiserver/admission/policies/policyPlugins.ts';
import { webhookPlugins } from './apiserver/admission/webhooks/webhookPlugins.ts';
import { type ApiServer, createApiServer } from './apiserver/apiServer.ts';
import { createAuthenticator } from './apiserver/authentication/authenticator.ts';
import { BootstrapTokens } from './apiserver/authentication/bootstrapTokens.ts';
import { keepTokenTracking, noteTokenUse } from './apiserver/authentication/legacyTokenTracking.ts';
import { ServiceAccountTokens } from './apiserver/authentication/serviceAccountTokens.ts';
import { withSuperusers } from './apiserver/authorization/authorizer.ts';
import { requestedBy } from './apiserver/authorization/accessReviews.ts';
import { rbacEscalation } from './apiserver/authorization/escalation.ts';
import { nodeAuthorizer } from './apiserver/authorization/nodeAuthorizer.ts';
import { RbacAuthorizer } from './apiserver/authorization/rbac.ts';
import { serveCustomResources } from './apiserver/crd/serveCustomResources.ts';
import { serveMetrics } from './apiserver/metricsApi/serveMetrics.ts';
import { createDiscovery } from './apiserver/discovery/discovery.ts';
import { createCredentials, loadCredentials } from './apiserver/http/credentialsFile.ts';
import { kubeconfigText } from './apiserver/http/kubeconfig.ts';
import { keepIdentityLease } from './apiserver/identityLease.ts';
import { createOpenApi } from './apiserver/openapi/openApi.ts';
import { type ApiRegistry, createRegistry } from './apiserver/registry/apiRegistry.ts';
import type { Cache, Client } from './client/client.ts';
import { createCache } from './client/informerCache.ts';
import { createLocalClient } from './client/localClient.ts';
import { createSimulatedRuntime } from './containers/simulated/simulatedRuntime.ts';
import { type LeaderElectionOptions, runElected } from './controller/leaderElection.ts';
import { type RunningControllers, startControllers } from './controller/runController.ts';
import { recordEvents } from './controller/recordEvents.ts';
import { controllersFor } from './controllers/allControllers.ts';
import { createKubelets } from './kubelet/kubelets.ts';
import type { TokenRequest } from './kubelet/options.ts';
import { diskVolumes } from './kubelet/volumes/volumeStore.ts';
import { memoryUse } from './kubelet/pod/statedUse.ts';
import { createNetwork } from './network/createNetwork.ts';
import { LoadBalancers } from './network/loadBalancers.ts';
import { NodePorts } from './network/nodePorts.ts';
import { machineControllers } from './playground/machineController.ts';
import { schedulingDecisionSource } from './playground/schedulingDecisionObjects.ts';
import type { SchedulerSettings } from './scheduler/profile.ts';
import { runScheduler } from './scheduler/scheduler.ts';
import { SchedulingDecisions } from './scheduler/schedulingDecisions.ts';
import type { Pod as PodObject } from '#common/schema/generated/types.ts';
import { openSqliteJournal } from './store/journal/sqliteJournal.ts';
import { MemoryStore } from './store/memoryStore.ts';
import path from 'node:path';

export interface ClusterOptions {
  /** How many nodes a new cluster gets; one that comes back keeps those it had. */
  readonly nodes: number;
  /** The zones that the nodes of a new cluster stand in, in turn. */
  readonly zones?: readonly string[];
  /** What each node of a new cluster is. */
  readonly nodeShape?: NodeShape;
  /** Of the API on 127.0.0.1; 0 takes `lastPort` if it is free, or any other. */
  readonly port: number;
  /** The port that this cluster had before, which kubeconfigs may still name. */
  readonly lastPort?: number;
  /** Where `cluster.sqlite` and the certificates lie; undefined keeps everything in memory. */
  readonly folder: string | undefined;
  readonly speed?: number;
  readonly latency: 'typical' | 'none';
  /** The scheduler's profiles; the default one alone unless said. */
  readonly scheduler?: SchedulerSettings;
  /** A new cluster comes with a default StorageClass and the metrics API; false leaves it as bare as kubeadm does. */
  readonly addons?: boolean;
  /** Makes names and choices repeatable. */
  readonly seed?: number;
  /** Instead of one that begins with the seed, for tests. */
  readonly random?: Random;
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
  const random = options.random ?? new Random(options.seed ?? randomInt(2 ** 32));
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
  const webhooks = webhookPlugins({
    store,
    registryOf: () => registry,
    authorizerOf: () => withSuperusers(authorizer),
    connect: (ip, port) => network.connect(apiServerAddress, ip, port),
    signal: stopping.signal,
    realTime: new RealClock(),
    uuid: () => random.uuid(),
  });
  const policies = policyPlugins({ store, registryOf: () => registry, authorizerOf: () => withSuperusers(authorizer) });
  const admissionPlugins = [
    ...pluginsWith([...policies, ...webhooks]),
    ...certificateRights(() => rbac),
    rbacEscalation(() => rbac),
  ];
  const registry: ApiRegistry = createRegistry({ store, clock, random, admissionPlugins });
  const rbac: RbacAuthorizer = new RbacAuthorizer(registry);
  const client = createLocalClient(registry, admin, 'kube-playground');
  const cache = createCache(store, registry);
  const customResources = serveCustomResources(registry, cache);
  const events = recordEvents(ctx, client.as('system:kube-playground', 'kube-playground'));

  const decisions = new SchedulingDecisions();

  let apiPort = 0;
  const network = createNetwork(ctx, { cache, connectApiServer: (): Duplex => connectSocket(apiPort, '127.0.0.1') });
  const nodePorts = new NodePorts(ctx, {
    network,
    reportProblem: (service, message) => {
      ctx.log.warn(message);
      events.as('kube-proxy').event(service, 'Warning', 'NodePortUnavailable', message);
    },
  });
  const loadBalancers = new LoadBalancers(ctx, network);
  const runtime = createSimulatedRuntime(ctx, { network, latency: options.latency });
  const apiServerClient = client.as('system:apiserver', 'kube-apiserver');
  const serviceAccountTokens = new ServiceAccountTokens({
    privateKey: credentials.serviceAccountKey,
    registry,
    clock,
    random,
    noteUse: (secret) => noteTokenUse(ctx, apiServerClient, secret),
  });
  const bootstrapTokens = new BootstrapTokens({
    clock,
    secretNamed: (name) => cache.get(Secret, { namespace: bootstrapTokenNamespace, name }),
  });
  const authorizer = nodeAuthorizer({ rbac, podsOnNode: podsByNode(cache) }, rbac);
  const kubelets = createKubelets(ctx, {
    client: client.as('system:node', 'kubelet'),
    cache,
    events,
    runtime,
    network,
    instant: options.latency === 'none',
    memoryOf: memoryUse,
    ...(options.folder === undefined ? {} : { volumes: diskVolumes(path.join(options.folder, 'cluster.volumes'), options.log) }),
    mintToken: (request) => mintPodToken(request, serviceAccountTokens, cache),
  });
  const metrics = serveMetrics({ registry, cache, clock, usage: kubelets.usage });
  const apiServer = createApiServer({
    ctx,
    registry,
    store,
    streams: kubelets.streams,
    authenticator: createAuthenticator({
      serviceAccountTokens,
      bootstrapTokens,
      staticTokens: [{ token: credentials.adminToken, user: admin }],
    }),
    authorizer,
    rbac,
    serviceAccountTokens,
    connect: (ip, port) => network.connect(apiServerAddress, ip, port),
    healthChecks: [{ name: 'etcd', check: () => store.healthy }],
    certificates: { ...credentials.serving, ca: credentials.ca.cert },
    sources: new Map([[`${playgroundGroup}/SchedulingDecision`, schedulingDecisionSource(decisions)]]),
    discovery: createDiscovery(registry),
    openapi: createOpenApi(registry),
  });

  try {
    apiPort = await listen(apiServer, options);
  } catch (error) {
    await store.close();
    throw error;
  }
  const { newAddons } = await seed(client, cache, options);

  const identity = clusterIdentity(cache);
  const electedAs = (name: string): LeaderElectionOptions => ({
    name,
    identity: `kube-playground_${identity}`,
    client: client.as(`system:${name}`, name),
    cache,
    events: events.as(name),
  });
  let controllers: RunningControllers | undefined;
  spawnTask(ctx, 'controller manager', () =>
    runElected(ctx, electedAs('kube-controller-manager'), (signal) => {
      controllers = startControllers({ ...ctx, signal }, { client, cache, events }, [
        ...machineControllers(),
        ...controllersFor({
          signing: { ca: credentials.ca, wallTime: () => new RealClock().now() },
          mayRequest: (spec, subresource) => withSuperusers(authorizer).authorize(requestedBy(spec, subresource)).allowed,
          issueToken: (account, secret) => serviceAccountTokens.issueForSecret(account, secret),
          loadBalancers,
          rootCertificate: credentials.ca.cert,
        }),
      ]);
      return controllers.finished;
    }),
  );
  spawnTask(ctx, 'scheduler', () =>
    runElected(ctx, electedAs('kube-scheduler'), (signal) =>
      runScheduler(
        { ...ctx, signal },
        {
          client: client.as('system:kube-scheduler', 'kube-scheduler'),
          cache,
          events,
          decisions,
          ...(options.scheduler ? { settings: options.scheduler } : {}),
        },
      ),
    ),
  );
  spawnTask(ctx, 'kubelets', () => kubelets.run());
  spawnTask(ctx, 'node ports', () => nodePorts.run());
  spawnTask(ctx, 'load balancers', () => loadBalancers.run());
  await allNodesReady(cache);
  spawnTask(ctx, 'bootstrap roles', async () => {
    await seedComponentRoles(client, cache);
    if (newAddons) await client.create(metricsReader().kind, metricsReader().object);
  });
  keepTokenTracking(ctx, { client: apiServerClient, cache });
  spawnTask(ctx, 'API server identity', () => keepIdentityLease(ctx, { client: apiServerClient, cache, cluster: identity }));

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
    whenIdle: () => controllers?.whenIdle() ?? Promise.resolve(),
    async close() {
      await apiServer.close();
      stopping.abort();
      await drainTasks(ctx);
      network.dispose();
      customResources.dispose();
      metrics.dispose();
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

/** The pods of a node, from an index of their own. */
function podsByNode(cache: Cache): (node: string) => readonly PodObject[] {
  const pods = cache.informer(Pod);
  pods.addIndex('authorization/node', ({ spec }) => (spec?.nodeName ? [spec.nodeName] : []));
  return (node) => pods.byIndex('authorization/node', node);
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
async function seed(client: Client, cache: Cache, options: ClusterOptions): Promise<{ newAddons: boolean }> {
  const isNew = cache.informer(Namespace).size === 0;
  for (const { kind, object } of bootstrapObjects()) if (!cache.get(kind, keyOf(object))) await client.create(kind, object);
  await reconcileRbac(client.as('system:apiserver', 'kube-apiserver'), cache, rbacForUsers());
  // Later they are the owner's to keep or to remove.
  const newAddons = isNew && options.addons !== false;
  if (newAddons) for (const { kind, object } of [...storageAddon(), metricsService()]) await client.create(kind, object);
  if (isNew)
    await Promise.all(newNodes(options.nodes, options.zones, options.nodeShape).map((node) => client.create(Node, node)));
  return { newAddons };
}

/** What tells this cluster from others, whichever process runs it: the uid of kube-system, as everywhere. */
const clusterIdentity = (cache: Cache): string =>
  cache.get(Namespace, { namespace: '', name: 'kube-system' })?.metadata.uid ?? '';

/** Nobody waits for these hundred objects, so they are written right after the start. */
async function seedComponentRoles(client: Client, cache: Cache): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await reconcileRbac(client.as('system:apiserver', 'kube-apiserver'), cache, rbacForComponents());
}

/** Nodes whose machine is switched off are not waited for. */
function allNodesReady(cache: Cache): Promise<void> {
  const nodes = cache.informer(Node);
  const ready = (): boolean =>
    nodes
      .list()
      .every(
        (node) =>
          !isSwitchedOn(cache.get(Machine, { namespace: '', name: node.metadata.name ?? '' })) ||
          node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
      );
  if (ready()) return Promise.resolve();
  return new Promise((resolve) => {
    const watching = nodes.onChange(() => {
      if (!ready()) return;
      watching.dispose();
      resolve();
    });
  });
}
