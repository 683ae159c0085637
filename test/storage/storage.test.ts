/** Volumes as a person meets them: claims that find storage, and files that outlive pods and clusters. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '#common/base/log.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { Event } from '#common/kinds/event.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import { StatefulSet } from '#common/kinds/statefulSet.ts';
import { VolumeAttachment } from '#common/kinds/volumeAttachment.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type Cluster, startCluster } from '#runtime/cluster.ts';

const namespace = 'default';
let folder: string;
let cluster: Cluster;
const start = async (state: string | undefined = folder): Promise<void> => {
  cluster = await startCluster({ nodes: 2, port: 0, folder: state, latency: 'none', freeze: true, log: silentLog });
  // Pods are refused until their namespace has its account.
  await until(ServiceAccount, { namespace, name: 'default' }, (account) => account !== undefined);
};
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-storage-'));
});
afterEach(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves when `holds` is true of the object, which is undefined while there is none. */
function until<T extends KubeObject>(
  kind: KindDefinition<T>,
  key: ObjectKey,
  holds: (object: T | undefined) => boolean,
): Promise<void> {
  const informer = cluster.cache.informer(kind);
  if (holds(informer.get(key))) return Promise.resolve();
  return new Promise((resolve) => {
    const watch = informer.onChange(() => {
      if (!holds(informer.get(key))) return;
      watch.dispose();
      resolve();
    });
  });
}

const untilEvent = (name: string, reason: string): Promise<string> =>
  new Promise((resolve) => {
    const watch = cluster.cache.informer(Event).onChange(({ object }) => {
      if (object.involvedObject.name !== name || object.reason !== reason) return;
      // The subscription is not there yet while it replays.
      queueMicrotask(() => watch.dispose());
      resolve(object.message ?? '');
    }, true);
  });

/** The pod's log, as soon as it has `text`. */
function logWith(pod: string, text: string): Promise<string> {
  const token = /token: (\S+)/.exec(cluster.kubeconfig)?.[1] ?? '';
  const ca = Buffer.from(/certificate-authority-data: (\S+)/.exec(cluster.kubeconfig)?.[1] ?? '', 'base64');
  const url = `${cluster.server}/api/v1/namespaces/${namespace}/pods/${pod}/log?follow=true`;
  return new Promise((resolve, reject) => {
    const request = get(url, { ca, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let log = '';
      response.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (!log.includes(text)) return;
        resolve(log);
        request.destroy();
      });
      response.on('end', () => reject(new Error(`the log ended without ${text}: ${log}`)));
      response.on('error', () => undefined);
    });
    request.on('error', reject);
  });
}

const isRunning = (pod: api.Pod | undefined): boolean => pod?.status?.phase === 'Running';

const podWith = (name: string, volumes: api.Volume[], command: string): api.Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: {
    nodeName: 'node-1',
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'c',
        image: 'busybox',
        command: ['sh', '-c', command],
        volumeMounts: volumes.map((volume) => ({ name: volume.name, mountPath: `/${volume.name}` })),
      },
    ],
    volumes,
  },
});

const claimSpec: api.PersistentVolumeClaimSpec = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
};

describe('a StatefulSet with volumeClaimTemplates', () => {
  const key = { namespace, name: 'web-0' };
  const claimKey = { namespace, name: 'data-web-0' };
  const set: api.StatefulSet = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', namespace },
    spec: {
      serviceName: 'web',
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'c',
              image: 'busybox',
              command: ['sh', '-c', 'echo run >> /data/runs; echo "runs: $(wc -l < /data/runs)"; sleep 100000'],
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec }],
    },
  };
  const volumeName = (): string => cluster.cache.get(PersistentVolumeClaim, claimKey)?.spec?.volumeName ?? '';

  it('finds its files again after its pod was deleted and after the cluster was stopped; they go with the claim', async () => {
    await start();
    await cluster.client.create(StatefulSet, set);
    await until(Pod, key, isRunning);
    expect(await logWith('web-0', 'runs:')).toContain('runs: 1');
    expect(cluster.cache.get(PersistentVolumeClaim, claimKey)).toMatchObject({
      spec: { storageClassName: 'standard' },
      status: { phase: 'Bound', capacity: { storage: '1Gi' } },
    });
    const volume = volumeName();

    const { uid } = cluster.cache.get(Pod, key)?.metadata ?? {};
    await cluster.client.delete(Pod, key);
    await until(Pod, key, (pod) => pod?.metadata.uid !== uid && isRunning(pod));
    expect(await logWith('web-0', 'runs:')).toContain('runs: 2');

    await cluster.close();
    await start();
    await until(Pod, key, (pod) => isRunning(pod) && pod?.status?.containerStatuses?.[0]?.restartCount === 1);
    expect(await logWith('web-0', 'runs:')).toContain('runs: 3');
    expect(volumeName()).toBe(volume);

    const files = path.join(folder, 'cluster.volumes/csi/disk.csi.playground.kube', volume);
    expect(existsSync(path.join(files, 'files/runs'))).toBe(true);
    await cluster.client.delete(StatefulSet, { namespace, name: 'web' });
    await until(Pod, key, (pod) => pod === undefined);
    await cluster.client.delete(PersistentVolumeClaim, claimKey);
    await until(PersistentVolume, { namespace: '', name: volume }, (found) => found === undefined);
    expect(existsSync(files)).toBe(false);
    expect(cluster.cache.list(VolumeAttachment)).toEqual([]);
  });

  it('gets more room when its claim asks for more', async () => {
    await start();
    await cluster.client.create(StatefulSet, set);
    await until(Pod, key, isRunning);
    await cluster.client.patch(PersistentVolumeClaim, claimKey, 'merge', {
      spec: { resources: { requests: { storage: '3Gi' } } },
    });
    await until(PersistentVolumeClaim, claimKey, (claim) => claim?.status?.capacity?.['storage'] === '3Gi');
    const claim = cluster.cache.get(PersistentVolumeClaim, claimKey);
    expect(claim?.status?.conditions).toBeUndefined();
    expect(cluster.cache.get(PersistentVolume, { namespace: '', name: volumeName() })?.spec?.capacity).toEqual({
      storage: '3Gi',
    });
    expect(await untilEvent('web-0', 'FileSystemResizeSuccessful')).toContain('MountVolume.NodeExpandVolume succeeded');
  });
});

describe('pods', () => {
  it('of one node share a host path; a folder that is missing is waited for', async () => {
    await start();
    const reader: api.Volume = { name: 'host', hostPath: { path: '/srv/shared', type: 'Directory' } };
    await cluster.client.create(Pod, podWith('reader', [reader], 'cat /host/note; sleep 100000'));
    expect(await untilEvent('reader', 'FailedMount')).toBe(
      'MountVolume.SetUp failed for volume "host" : hostPath type check failed: /srv/shared is not a directory',
    );
    expect(isRunning(cluster.cache.get(Pod, { namespace, name: 'reader' }))).toBe(false);
    const writer: api.Volume = { name: 'srv', hostPath: { path: '/srv' } };
    await cluster.client.create(
      Pod,
      podWith('writer', [writer], 'mkdir -p /srv/shared; echo hello > /srv/shared/note; sleep 100000'),
    );
    await until(Pod, { namespace, name: 'reader' }, isRunning);
    expect(await logWith('reader', 'hello')).toContain('hello');
    expect(readdirSync(path.join(folder, 'cluster.volumes/nodes/node-1/files/srv/shared'))).toEqual(['note']);
  });

  it('get the claims of their ephemeral volumes, which go with them', async () => {
    await start(undefined);
    const scratch: api.Volume = { name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: claimSpec } } };
    const pod = podWith('p', [scratch], 'sleep 100000');
    const { nodeName: _any, ...spec } = pod.spec ?? { containers: [] };
    await cluster.client.create(Pod, { ...pod, spec });
    await until(Pod, { namespace, name: 'p' }, isRunning);
    const [attachment] = cluster.cache.list(VolumeAttachment);
    expect(attachment?.status?.attached).toBe(true);
    await cluster.client.delete(Pod, { namespace, name: 'p' });
    await until(PersistentVolumeClaim, { namespace, name: 'p-scratch' }, (claim) => claim === undefined);
  });

  it('whose subPath would lead out of the volume do not start', async () => {
    await start(undefined);
    const pod = podWith('p', [{ name: 'e', emptyDir: {} }], 'sleep 100000');
    const [container] = pod.spec?.containers ?? [];
    const outside = { name: 'e', mountPath: '/x', subPathExpr: '$(WHERE)/x' };
    const changed = { ...container, name: 'c', env: [{ name: 'WHERE', value: '..' }], volumeMounts: [outside] };
    await cluster.client.create(Pod, { ...pod, spec: { ...pod.spec, containers: [changed] } });
    await until(
      Pod,
      { namespace, name: 'p' },
      (found) => found?.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
    );
    expect(cluster.cache.get(Pod, { namespace, name: 'p' })?.status?.containerStatuses?.[0]?.state?.waiting?.message).toBe(
      "unable to provision SubPath `../x`: must not contain '..'",
    );
  });
});
