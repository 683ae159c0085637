/** What runs an image: a bare pod, as `kubectl run` makes it, or a Deployment, as `kubectl create deployment` does. */
import type { Deployment, Pod } from '#common/schema/generated/types.ts';
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { readImageReference } from '#common/images/imageReference.ts';
import { offeredTags } from '#common/images/tagRules.ts';

export interface RunRequest {
  readonly kind: 'Pod' | 'Deployment';
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly port?: number;
}

export interface OfferedImage {
  /** As people write it: `nginx`, not `docker.io/library/nginx`. */
  readonly name: string;
  readonly about: string;
  readonly tags: readonly string[];
  readonly ports: readonly number[];
}

export const offeredImages = (): OfferedImage[] =>
  Object.values(imageDescriptions).map(({ repositories, about, tags, ports }) => ({
    name: (repositories[0] ?? '').replace(/^docker\.io\/(library\/)?/, ''),
    about,
    tags: offeredTags(tags),
    ports,
  }));

/** The ports that a known image listens on. */
export function portsOfImage(image: string): readonly number[] {
  const reference = readImageReference(image);
  if ('problem' in reference) return [];
  const known = Object.values(imageDescriptions).find(({ repositories }) =>
    (repositories as readonly string[]).includes(reference.repository),
  );
  return known?.ports ?? [];
}

/** `nginx` for `docker.io/library/nginx:1.29`; what cannot be in a name becomes a dash. */
export function nameOfImage(image: string): string {
  const last = image.split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? '';
  const name = last
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return name.slice(0, 50).replace(/-+$/, '') || 'app';
}

export function objectThatRuns({ kind, name, namespace, image, port }: RunRequest): Pod | Deployment {
  const ports = port === undefined ? {} : { ports: [{ containerPort: port }] };
  if (kind === 'Pod') {
    return {
      apiVersion: 'v1',
      kind,
      metadata: { name, namespace, labels: { run: name } },
      spec: { containers: [{ name, image, ...ports }] },
    };
  }
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: nameOfImage(image), image, ...ports }] } },
    },
  };
}
