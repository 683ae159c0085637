/** What an image is here: how it is named and sized, what its containers start, and the programs they may run. */
import type { ImageDescription } from '#common/images/imageDescriptions.ts';
import { hasTag } from '#common/images/tagRules.ts';
import type { Program } from '../process/process.ts';

/** A file of an image: its text, or what makes it on first use. */
export type ImageFile = string | { readonly text: string; readonly mode?: number } | { readonly link: string };

export interface Layer {
  /** Images with a layer of the same name share it. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** Which tools an image brings besides its own programs: decides what `sh -c` and `kubectl exec` find. */
export type Userland = 'none' | 'busybox' | 'alpine' | 'debian';

export interface Image {
  readonly layers: readonly Layer[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly user?: { readonly name: string; readonly uid: number };
  readonly exposedPorts?: readonly number[];
  readonly stopSignal?: 'TERM' | 'QUIT' | 'WINCH';
  readonly userland: Userland;
  /** Tools beyond the userland's: `curl`, `redis-cli` … */
  readonly tools?: readonly string[];
  /** The image's own programs by path: `/usr/sbin/nginx`. */
  readonly programs?: Readonly<Record<string, Program>>;
  /** Made on first use and shared by all containers of the image. */
  readonly files?: () => Readonly<Record<string, ImageFile>>;
  /** A quiet container's use. */
  readonly usage?: { readonly cpuMillicores: number; readonly memoryMebibytes: number };
}

/** One entry of the catalogue. */
export interface ImageDefinition {
  /** Full names without tag: `docker.io/library/nginx`. */
  readonly repositories: readonly string[];
  /** One line for people: what a container of this image does here. */
  readonly about: string;
  /** False: the registry answers that there is no such tag. */
  hasTag(tag: string): boolean;
  /** The image behind a tag; called once for each tag in use. */
  build(tag: string): Image;
}

const mebibyte = 1024 * 1024;

export function layer(name: string, mebibytes: number): Layer {
  return { name, sizeBytes: Math.round(mebibytes * mebibyte) };
}

/** Base layers as the usual images share them. Sizes are compressed ones, as a node reports them. */
export const debianLayer: Layer = layer('debian:bookworm-slim', 27);
export const alpineLayer: Layer = layer('alpine:3', 3.5);

/** The part of an entry that everybody is told. */
export const simulated = ({ repositories, about, tags }: ImageDescription): Omit<ImageDefinition, 'build'> => ({
  repositories,
  about,
  hasTag: (tag) => hasTag(tags, tag),
});
