/**
 * A cluster for one example: a stepped clock that only the example's steps move, a fixed seed, and the API over HTTPS, which
 * is what kubectl would speak to. Nothing here takes time but what the cluster itself does.
 */
import { SteppedClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { type ApiClient, createApiClient } from '#apiClient/apiClient.ts';
import { accessOf, type ApiConnection, connectWith } from '#runtime/cli/apiConnection.ts';
import { type Cluster, startCluster } from '#runtime/cluster.ts';

export interface StageOptions {
  readonly nodes: number;
  readonly zones?: readonly string[];
}

export interface Stage {
  readonly clock: SteppedClock;
  readonly cluster: Cluster;
  /** What the command's own functions ask for. */
  readonly connection: ApiConnection;
  readonly api: ApiClient;
  advance(seconds: number): Promise<void>;
  /** A write, and what it starts: resolves when all that has run its course. No time passes. */
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object, contentType?: string): Promise<void>;
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function setStage({ nodes, zones }: StageOptions): Promise<Stage> {
  await loadPrograms();
  const clock = new SteppedClock();
  const random = new Random(1);
  const starting = startCluster({
    nodes,
    ...(zones ? { zones } : {}),
    port: 0,
    folder: undefined,
    latency: 'typical',
    random,
    clock,
    freeze: true,
    log: silentLog,
  });
  let started: Cluster | undefined;
  void starting.then((running) => (started = running));
  while (!started) await clock.advance(100, settle);
  const cluster = started;
  // A whole number of seconds, some after the start, when the cluster has made everything of its own.
  await clock.advance(20_000 - (clock.now() % 1000), settle);
  // Names and choices are the same whatever a new cluster comes to hold.
  random.reseed(2);
  const connection = connectWith(cluster.kubeconfig);
  const api = createApiClient(accessOf(cluster.kubeconfig));
  return {
    clock,
    cluster,
    connection,
    api,
    advance: (seconds) => clock.advance(seconds * 1000, settle),
    async send(method, path, body, contentType) {
      try {
        await api.send(method, path, body, contentType);
      } finally {
        await settle();
      }
    },
    settle,
    async close() {
      connection.close();
      api.close();
      await cluster.close();
    },
  };
}

/** Turns of the event loop until what one timer started has run its course. */
async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** What containers load when they first run it takes real time, of which the stepped clock knows nothing. */
async function loadPrograms(): Promise<void> {
  await Promise.all([
    import('just-bash'),
    import('node:http'),
    import('#runtime/containers/simulated/commands/allCommands.ts'),
    import('#runtime/containers/simulated/commands/textTool.ts'),
  ]);
}
