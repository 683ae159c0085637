/**
 * Containers whose image says what they do: `sim/serve` runs until it is stopped, `sim/exit-0-after-5` ends by itself
 * after five seconds, `sim/deaf` ignores SIGTERM, `sim/missing` does not exist; a tag (`:v2`) is only another version.
 * Keeps account of what runs where.
 */
import type { Clock } from '#common/base/clock.ts';
import { sleep } from '#common/base/clock.ts';
import {
  type ContainerRuntime,
  type ContainerSpec,
  type ExitStatus,
  type ImageInfo,
  ImagePullError,
  type RunningContainer,
} from '#runtime/containers/containerRuntime.ts';

const pullMs = 700;
/** How long a program takes to end after SIGTERM. */
const endMs = 400;

class ScriptedContainer implements RunningContainer {
  readonly spec: ContainerSpec;
  readonly exited: Promise<ExitStatus>;
  readonly log = { lines: () => [], follow: () => ({ dispose: () => undefined }) };
  readonly #clock: Clock;
  readonly #resolve: (status: ExitStatus) => void;

  constructor(spec: ContainerSpec, clock: Clock, onExit: () => void) {
    this.spec = spec;
    this.#clock = clock;
    const { promise, resolve } = Promise.withResolvers<ExitStatus>();
    this.exited = promise;
    this.#resolve = (status) => {
      onExit();
      resolve(status);
    };
    const [, code, seconds] = /exit-(\d+)-after-(\d+)/.exec(spec.image) ?? [];
    if (code !== undefined) {
      const exitCode = Number(code);
      clock.setTimeout(() => this.#resolve({ exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' }), Number(seconds) * 1000);
    }
  }

  get id(): string {
    return this.spec.id;
  }

  stop(graceSeconds: number): Promise<ExitStatus> {
    const kill = (): void => this.#resolve({ exitCode: 137, signal: 9, reason: 'Error' });
    if (graceSeconds <= 0) kill();
    else if (this.spec.image.includes('deaf')) this.#clock.setTimeout(kill, graceSeconds * 1000);
    else this.#clock.setTimeout(() => this.#resolve({ exitCode: 0, reason: 'Completed' }), Math.min(endMs, graceSeconds * 1000));
    return this.exited;
  }

  exec(): Promise<number> {
    return Promise.resolve(0);
  }

  async attach(): Promise<void> {
    await this.exited;
  }

  listensOn(): boolean {
    return false;
  }

  usage(): { cpuNanoCores: number; memoryBytes: number } {
    return { cpuNanoCores: 0, memoryBytes: 0 };
  }
}

export class ScriptedRuntime implements ContainerRuntime {
  readonly #clock: Clock;
  readonly #images = new Set<string>();
  readonly #running = new Set<ScriptedContainer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What runs now. */
  running(): ContainerSpec[] {
    return Array.from(this.#running, ({ spec }) => spec);
  }

  parseImage(image: string): string {
    return image;
  }

  imageOnNode(node: string, image: string): ImageInfo | undefined {
    return this.#images.has(`${node}/${image}`) ? infoOf(image) : undefined;
  }

  imagesOnNode(): readonly ImageInfo[] {
    return [];
  }

  async pull(node: string, image: string, signal: AbortSignal): Promise<ImageInfo> {
    await sleep(this.#clock, pullMs, signal);
    if (image.includes('missing')) throw new ImagePullError('ErrImagePull', `${image}: not found`);
    this.#images.add(`${node}/${image}`);
    return infoOf(image);
  }

  start(spec: ContainerSpec): Promise<RunningContainer> {
    const container = new ScriptedContainer(spec, this.#clock, () => this.#running.delete(container));
    this.#running.add(container);
    return Promise.resolve(container);
  }
}

const infoOf = (image: string): ImageInfo => ({ name: image, imageID: `${image}@sha256:0`, sizeBytes: 1000, uid: 0 });
