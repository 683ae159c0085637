/**
 * What the kubelet asks of whatever runs containers. `simulated/` is the default: an image is a small program. Other
 * runtimes come behind this same interface.
 */
import type { Readable, Writable } from 'node:stream';
import type { Duplex } from 'node:stream';

export interface ImageInfo {
  /** The normalised name with tag, `docker.io/library/nginx:1.27`. */
  readonly name: string;
  readonly imageID: string;
  readonly sizeBytes: number;
  /** The user that the image runs as, where that is known; 0 is root. */
  readonly uid?: number;
}

export type PullProblem = 'InvalidImageName' | 'ErrImagePull' | 'ErrImageNeverPull';

export class ImagePullError extends Error {
  readonly reason: PullProblem;
  constructor(reason: PullProblem, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
  /** The volume's files; shared by every container that mounts it. */
  readonly volume: VolumeFiles;
  /** A folder of the volume, or a single file of it: then `path` is that file. */
  readonly subPath?: string;
}

/** A volume's content. Paths are relative, with `/` between parts; a key that ends in `/` is an empty folder. */
export interface VolumeFiles {
  readonly files: Map<string, Uint8Array>;
  /** Permission bits of files that differ from 0644. */
  readonly modes?: Map<string, number>;
  /** What else is known of files, kept by the volume where it outlives its containers. */
  readonly details?: Map<string, FileDetails>;
  /** How much the files are together, where the volume counts it. */
  readonly usedBytes?: number;
  /** Whether any file lies inside of the folder; without it, all files are looked through. */
  hasInside?(folder: string): boolean;
  /** What the volume can hold; writing more fails. */
  readonly capacityBytes?: number;
  /** The device and type that `df` and `mount` show. */
  readonly device?: { readonly name: string; readonly type: string };
}

export interface FileDetails {
  /** Where a symbolic link points. */
  readonly link?: string;
  /** Milliseconds, the cluster's time. */
  readonly mtime?: number;
}

export interface ContainerSpec {
  readonly id: string;
  readonly pod: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly ip: string;
    readonly hostname: string;
    readonly node: string;
  };
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env: Readonly<Record<string, string>>;
  /** containerPort numbers with protocol. */
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
  readonly mounts: readonly Mount[];
  readonly tty: boolean;
  readonly stdin: boolean;
  /** Standard input ends with the first attach. */
  readonly stdinOnce?: boolean;
  /** An init container, or a pod of a Job: an image without behaviour here then exits 0 at once. */
  readonly runsToCompletion: boolean;
  /** The file whose content the runtime gives as `ExitStatus.message`. `/dev/termination-log` when absent. */
  readonly terminationMessagePath?: string;
}

export interface ExitStatus {
  readonly exitCode: number;
  /** 9 or 15, where a signal ended it. */
  readonly signal?: number;
  /** `Completed`, `Error`, `OOMKilled`, `ContainerCannotRun`. */
  readonly reason: string;
  readonly message?: string;
}

export interface LogLine {
  /** Milliseconds, the cluster's time. */
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  /** No newline follows: the last output of a program that ended in the middle of a line, or a piece of a very long line. */
  readonly partial?: boolean;
}

/** The log of one container instance: kept lines, and each new one as it comes. */
export interface ContainerLog {
  lines(): readonly LogLine[];
  /** Calls back for each line from now on; `undefined` once, when the container has ended. */
  follow(listener: (line: LogLine | undefined) => void): { dispose(): void };
}

export interface TerminalSize {
  width: number;
  height: number;
}

export interface ExecIO {
  readonly stdin?: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly tty: boolean;
  onResize?(listener: (size: TerminalSize) => void): void;
  readonly signal: AbortSignal;
}

export interface RunningContainer {
  readonly id: string;
  readonly log: ContainerLog;
  /** The image has no behaviour here: nothing listens and nothing can be asked, so probes count as passed. */
  readonly unknownProgram?: boolean;
  /** People are to be told so on the pod. Not for images whose very name says that they are nobody's (`registry.example`). */
  readonly standIn?: boolean;
  /** Resolves when the container has ended. */
  readonly exited: Promise<ExitStatus>;
  /**
   * Sends SIGTERM (the program may take up to `graceSeconds`, then SIGKILL; 0 is SIGKILL at once); resolves with the
   * end. A second call may shorten the wait.
   */
  stop(graceSeconds: number): Promise<ExitStatus>;
  /** Runs a command beside the main process; resolves with its exit code. Rejects when the executable is missing. */
  exec(command: readonly string[], io: ExecIO): Promise<number>;
  /** Joins the main process' streams until it ends or the signal aborts. */
  attach(io: ExecIO): Promise<void>;
  /** True while something listens on this port in the container. */
  listensOn(port: number): boolean;
  /** Present use, for stats. */
  usage(): { cpuNanoCores: number; memoryBytes: number };
}

export interface ContainerRuntime {
  /** Names the image in full; throws ImagePullError with InvalidImageName. Does not look whether it exists. */
  parseImage(image: string): string;
  /** The image when this node has it. */
  imageOnNode(node: string, image: string): ImageInfo | undefined;
  imagesOnNode(node: string): readonly ImageInfo[];
  /** Images that the node had before the cluster was restarted: they need no pull. */
  restoreImages?(node: string, images: readonly string[]): void;
  /** Resolves after the simulated pull time. Throws ImagePullError. */
  pull(node: string, image: string, signal: AbortSignal): Promise<ImageInfo>;
  /** Creates and starts. Throws Error with the runtime's message when the command cannot be run. */
  start(spec: ContainerSpec): Promise<RunningContainer>;
}

/** Where streams from outside reach containers: implemented by the kubelets, used by the API server's subresources. */
export interface NodeStreams {
  /** Throws ApiError as the kubelet words it (container not found, waiting to start …). */
  exec(pod: { namespace: string; name: string }, container: string, command: readonly string[], io: ExecIO): Promise<number>;
  attach(pod: { namespace: string; name: string }, container: string, io: ExecIO): Promise<void>;
  /** The log text in chunks, timestamps and limits applied; ends by itself unless `follow`. */
  log(pod: { namespace: string; name: string }, options: LogOptions, signal: AbortSignal): AsyncIterable<string>;
  /** A connection to a port of the pod, as from its own localhost. Throws Error with the refusal. */
  portForward(pod: { namespace: string; name: string }, port: number): Duplex;
}

export interface LogOptions {
  container: string;
  follow?: boolean;
  previous?: boolean;
  tailLines?: number;
  limitBytes?: number;
  sinceSeconds?: number;
  sinceTime?: string;
  timestamps?: boolean;
}
