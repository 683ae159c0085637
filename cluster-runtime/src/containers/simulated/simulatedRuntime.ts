/**
 * The default container runtime: nothing is downloaded and nothing runs but this process. Images are small programs
 * (catalogue/), pulls and starts take time by the cluster's clock only, and everything a container prints, serves or
 * stores is held in memory.
 *
 * Differs from Kubernetes: resource limits, users and capabilities restrain nobody in here.
 */
import type { Context } from '#common/base/context.ts';
import { sleep } from '#common/base/clock.ts';
import { type ContainerRuntime, ImagePullError } from '../containerRuntime.ts';
import { ImageCatalogue, type KnownImage } from './images/imageCatalogue.ts';
import type { ImageDefinition } from './images/image.ts';
import { parseImageReference } from './images/imageReference.ts';
import { NodeImages } from './images/nodeImages.ts';
import { type ContainerHost, type PodNetwork, SimulatedContainer } from './process/container.ts';
import { type Executable, ExecutableError, findExecutable } from './process/executables.ts';
import { noBehaviour } from './catalogue/unknown.ts';

export interface SimulatedRuntimeOptions {
  readonly network: PodNetwork;
  /** `typical`: pulls and starts take what they take on a real node. `none`: pulls, starts and stops take no time. */
  readonly latency: 'typical' | 'none';
  /** Instead of the built-in catalogue. */
  readonly images?: readonly ImageDefinition[];
}

/** What creating a container and its namespaces takes. */
const startMs = 120;

export function createSimulatedRuntime(ctx: Context, options: SimulatedRuntimeOptions): ContainerRuntime {
  const takesTime = options.latency === 'typical';
  const catalogue = new ImageCatalogue(options.images);
  const images = new NodeImages(ctx, catalogue, takesTime);
  const host: ContainerHost = { ctx, network: options.network, takesTime };

  return {
    parseImage: (image) => parseImageReference(image).name,
    imageOnNode: (node, image) => images.get(node, image),
    imagesOnNode: (node) => images.list(node),
    pull: (node, image, signal) => images.pull(node, image, signal),
    async start(spec) {
      const known = catalogue.find(parseImageReference(spec.image));
      if (!known) throw new ImagePullError('ErrImagePull', `image "${spec.image}" not found`);
      if (takesTime && !isFreeOfCost(known)) await sleep(ctx.clock, startMs, ctx.signal);
      const container = new SimulatedContainer(spec, known, host);
      const env = container.environment(spec.tty);
      const argv = container.commandLine();
      container.boot(argv, env, known.simulated ? await executableFor(container, argv, env) : noBehaviour);
      return container;
    },
  };
}

function isFreeOfCost(known: KnownImage): boolean {
  return known.imageID === '';
}

async function executableFor(
  container: SimulatedContainer,
  argv: readonly string[],
  env: ReadonlyMap<string, string>,
): Promise<Executable> {
  try {
    return await findExecutable(container, argv[0] ?? '', { cwd: container.workingDir, path: env.get('PATH') ?? '' });
  } catch (error) {
    if (!(error instanceof ExecutableError)) throw error;
    throw new ExecutableError(
      `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${error.message}`,
      error.exitCode,
      error.shellText,
    );
  }
}
