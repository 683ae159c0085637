/**
 * A cluster for the suite of examples, with the examples as they are but for their node ports: those of the examples
 * themselves may be in use by somebody's `npm start`.
 */
import path from 'node:path';
import { type ApiConnection, connect } from '#runtime/cli/apiConnection.ts';
import { type AppliedObject, applyManifests } from '#runtime/cli/applyManifests.ts';
import { readManifestGroups } from '#runtime/cli/manifests.ts';
import { type AnyObject, progressOf } from '#runtime/cli/progress.ts';
import type { EventList, Pod, PodList } from '#common/schema/generated/types.ts';
import { projectFolder, startTestCluster } from '../support/testCluster.ts';

/** Of the part of the range that nobody is given by chance. */
const otherPorts: Readonly<Record<string, number>> = { '30000': 30_040, '30080': 30_041, '30081': 30_042, '30082': 30_043 };
const patienceMs = 30_000;

export const file = (...names: string[]): string => path.join(projectFolder, 'examples', ...names);

export class ExamplesCluster {
  readonly api: ApiConnection;
  readonly stop: () => Promise<string>;

  private constructor(api: ApiConnection, stop: () => Promise<string>) {
    this.api = api;
    this.stop = stop;
  }

  static async start(...args: string[]): Promise<ExamplesCluster> {
    const cluster = await startTestCluster({ args });
    const api = connect(cluster.kubeconfig);
    return new ExamplesCluster(api, async () => {
      const problems = cluster.stderr();
      api.close();
      await cluster.stop();
      return problems;
    });
  }

  /** Applies a folder or file of the examples; resolves when it is stored. */
  async apply(...names: string[]): Promise<AppliedObject[]> {
    const groups = await readManifestGroups([file(...names)]);
    const text = JSON.stringify(groups.flatMap(({ manifests }) => manifests));
    const moved = text.replaceAll(/"nodePort":(\d+)/g, (_, port: string) => `"nodePort":${otherPorts[port]}`);
    return applyManifests(this.api, JSON.parse(moved) as Parameters<typeof applyManifests>[1]);
  }

  /** Applies, and resolves when every object is ready. */
  async applyUntilReady(...names: string[]): Promise<void> {
    for (const { collection, object } of await this.apply(...names))
      await this.until<AnyObject>(collection, object.metadata.name ?? '', (now) => progressOf(now).state === 'ready');
  }

  /** Resolves with the first state of the object that fits. `name` may be `''` for any object of the collection. */
  async until<T extends AnyObject>(collection: string, name: string, fits: (object: T) => boolean): Promise<T> {
    let found: T | undefined;
    let last: T | undefined;
    const selector = name === '' ? '' : `&fieldSelector=metadata.name%3D${name}`;
    await this.api.watch<T>(
      `${collection}?watch=true${selector}`,
      (type, object) => {
        if (type !== 'ADDED' && type !== 'MODIFIED') return false;
        last = object;
        if (fits(object)) found = object;
        return found !== undefined;
      },
      AbortSignal.timeout(patienceMs),
    );
    if (!found) throw new Error(`${collection}/${name} never got there: ${JSON.stringify(last, undefined, 1)}`);
    return found;
  }

  untilPod(name: string, fits: (pod: Pod) => boolean): Promise<Pod & AnyObject> {
    return this.until<Pod & AnyObject>(pods, name, fits);
  }

  async podsOf(selector: string): Promise<Pod[]> {
    return (await this.api.get<PodList>(`${pods}?labelSelector=${encodeURIComponent(selector)}`)).items;
  }

  async eventsOf(name: string): Promise<{ reason: string; message: string }[]> {
    const { items } = await this.api.get<EventList>(`/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3D${name}`);
    return items.map(({ reason = '', message = '' }) => ({ reason, message }));
  }

  log(pod: string, query = ''): Promise<string> {
    return this.api.text(`${pods}/${pod}/log${query}`);
  }

  /** Where the example's page is in this suite. */
  url(nodePort: number): string {
    return `http://127.0.0.1:${otherPorts[nodePort]}`;
  }
}

export const pods = '/api/v1/namespaces/default/pods';
export const deployments = '/apis/apps/v1/namespaces/default/deployments';
