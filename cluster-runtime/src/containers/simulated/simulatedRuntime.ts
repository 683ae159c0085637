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
import { defaultPath, type Executable, ExecutableError, findExecutable, locateExecutable } from './process/executables.ts';
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
    restoreImages: (node, names) => images.restore(node, names),
    pull: (node, image, signal) => images.pull(node, image, signal),
    async start(spec) {
      const known = catalogue.find(parseImageReference(spec.image));
      if (!known) throw new ImagePullError('ErrImagePull', `image "${spec.image}" not found`);
      if (takesTime && !isFreeOfCost(known)) await sleep(ctx.clock, startMs, ctx.signal);
      const container = new SimulatedContainer(spec, known, host);
      const argv = container.commandLine();
      container.boot(argv, known.simulated ? await executableFor(container, argv[0] ?? '') : noBehaviour);
      return container;
    },
  };
}

function isFreeOfCost(known: KnownImage): boolean {
  return known.imageID === '';
}

/** The manifest's environment is looked at only when its PATH is needed: making it costs more than a quiet container. */
async function executableFor(container: SimulatedContainer, name: string): Promise<Executable> {
  const cwd = container.workingDir;
  const imagePath = container.image.env?.['PATH'] ?? defaultPath;
  try {
    const found = locateExecutable(container, name, { cwd, path: imagePath });
    const path = found === undefined ? (container.environment(false).get('PATH') ?? '') : imagePath;
    return await findExecutable(container, name, { cwd, path });
  } catch (error) {
    if (!(error instanceof ExecutableError)) throw error;
    throw new ExecutableError(
      `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${error.message}`,
      error.exitCode,
      error.shellText,
    );
  }
}
