import { createObject, nameArgument } from '../createObject.ts';
import { writeFlags } from '../dryRun.ts';
import { int, list } from '../flags.ts';
import { KubectlError, plainError } from '../kubectlError.ts';
import { outputFlags } from '../output/printObjects.ts';
import type { Verb } from './verb.ts';

export const createDeployment: Verb = {
  summary: 'Create a deployment with the specified name.',
  usage: 'NAME --image=image -- [COMMAND] [args...] [options]',
  flags: { ...writeFlags, ...outputFlags, image: list, replicas: { ...int, short: 'r' }, port: int },
  async run(session) {
    const { flags, afterDash = [] } = session;
    const name = nameArgument(session);
    const images = flags.list('image').flatMap((image) => image.split(','));
    if (images.length === 0) throw new KubectlError('error: required flag(s) "image" not set');
    if (images.length > 1 && afterDash.length > 0) throw plainError('cannot specify multiple --image options and command');
    const port = flags.number('port');
    const labels = { app: name };
    const containers = images.map((image) => ({
      image,
      name: containerName(image),
      resources: {},
      ...(afterDash.length ? { command: afterDash } : {}),
      ...(port && port > 0 ? { ports: [{ containerPort: port }] } : {}),
    }));
    await createObject(session, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { creationTimestamp: null, labels, name },
      ...{
        spec: {
          replicas: flags.number('replicas') ?? 1,
          selector: { matchLabels: labels },
          strategy: {},
          template: { metadata: { creationTimestamp: null, labels }, spec: { containers } },
        },
        status: {},
      },
    });
  },
};

/** The image's own name, without registry, tag and digest, as far as a container may be called so. */
function containerName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/s, '');
  return last.toLowerCase().replace(/[^a-z0-9-]/g, '-');
}
