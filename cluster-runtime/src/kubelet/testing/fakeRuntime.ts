/** For tests: containers that do what the test tells them. Every image exists unless it is called `missing`. */
import { Buffer } from 'node:buffer';
import type { Clock } from '#common/base/clock.ts';
import {
  type ContainerLog,
  type ContainerRuntime,
  type ContainerSpec,
  type ExecIO,
  type ExitStatus,
  type ImageInfo,
  ImagePullError,
  type LogLine,
  type RunningContainer,
} from '../../containers/containerRuntime.ts';

class FakeLog implements ContainerLog {
  readonly #lines: LogLine[] = [];
  readonly #followers = new Set<(line: LogLine | undefined) => void>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(text: string): void {
    const line: LogLine = { time: this.#clock.now(), stream: 'stdout', text };
    this.#lines.push(line);
    for (const follower of this.#followers) follower(line);
  }

  end(): void {
    for (const follower of this.#followers) follower(undefined);
  }

  lines(): readonly LogLine[] {
    return [...this.#lines];
  }

  follow(listener: (line: LogLine | undefined) => void): { dispose(): void } {
    this.#followers.add(listener);
    return { dispose: () => this.#followers.delete(listener) };
  }
}

export class FakeContainer implements RunningContainer {
  readonly spec: ContainerSpec;
  readonly log: FakeLog;
  readonly exited: Promise<ExitStatus>;
  readonly unknownProgram: boolean;
  /** Grace periods that it was told to end within. */
  readonly stops: number[] = [];
  /** Ends by itself when told to; otherwise only at SIGKILL. */
  obeysTerm = true;
  /** Exit code and output of the next commands. */
  execResult: { code: number; output: string } = { code: 0, output: '' };
  readonly #clock: Clock;
  readonly #resolve: (status: ExitStatus) => void;

  constructor(spec: ContainerSpec, clock: Clock, unknownProgram: boolean) {
    this.spec = spec;
    this.log = new FakeLog(clock);
    this.unknownProgram = unknownProgram;
    this.#clock = clock;
    const { promise, resolve } = Promise.withResolvers<ExitStatus>();
    this.exited = promise;
    this.#resolve = resolve;
  }

  get id(): string {
    return this.spec.id;
  }

  exit(exitCode: number, more: Partial<ExitStatus> = {}): void {
    this.log.end();
    this.#resolve({ exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', ...more });
  }

  async stop(graceSeconds: number): Promise<ExitStatus> {
    this.stops.push(graceSeconds);
    if (this.obeysTerm) this.exit(0);
    else this.#clock.setTimeout(() => this.exit(137, { signal: 9 }), graceSeconds * 1000);
    return this.exited;
  }

  async exec(_command: readonly string[], io: ExecIO): Promise<number> {
    io.stdout.write(this.execResult.output);
    return this.execResult.code;
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

export class FakeRuntime implements ContainerRuntime {
  /** Every container that was ever started, in order. */
  readonly containers: FakeContainer[] = [];
  readonly #clock: Clock;
  readonly #present = new Set<string>();
  /** Images named so do not exist. */
  readonly missing = new Set<string>(['missing']);
  pullMs = 0;
  /** Whether programs are unknown, as those of images without behaviour. */
  unknownPrograms = false;
  /** Thrown by the next starts. */
  startError: Error | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The latest container of this name. */
  container(name: string): FakeContainer {
    const found = this.containers.findLast((container) => container.spec.name === name);
    if (!found) throw new Error(`no container ${name} has started`);
    return found;
  }

  started(): string[] {
    return this.containers.map((container) => container.spec.name);
  }

  parseImage(image: string): string {
    if (image !== image.toLowerCase()) {
      throw new ImagePullError(
        'InvalidImageName',
        `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
      );
    }
    return image;
  }

  imageOnNode(_node: string, image: string): ImageInfo | undefined {
    return this.#present.has(image) ? infoOf(image) : undefined;
  }

  imagesOnNode(): readonly ImageInfo[] {
    return [...this.#present].map(infoOf);
  }

  restoreImages(_node: string, images: readonly string[]): void {
    for (const image of images) this.#present.add(image);
  }

  async pull(_node: string, image: string, signal: AbortSignal): Promise<ImageInfo> {
    if (this.pullMs > 0) await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, this.pullMs));
    signal.throwIfAborted();
    if (this.missing.has(image)) throw new ImagePullError('ErrImagePull', `${image}: not found`);
    this.#present.add(image);
    return infoOf(image);
  }

  async start(spec: ContainerSpec): Promise<RunningContainer> {
    if (this.startError) throw this.startError;
    const container = new FakeContainer(spec, this.#clock, this.unknownPrograms);
    this.containers.push(container);
    return container;
  }
}

const infoOf = (image: string): ImageInfo => ({
  name: image,
  imageID: `${image}@sha256:${Buffer.from(image).toString('hex')}`,
  sizeBytes: 1000,
  uid: 0,
});
