/**
 * Files made from API objects: ConfigMaps, Secrets, the downward API, tokens, and projections of several. They are made
 * when somebody looks and made again when their source has changed, so a quiet pod's volumes cost nothing.
 *
 * Differs from Kubernetes: a change shows at once, not after the kubelet's next sync.
 */
import type { VolumeFiles } from '../../containers/containerRuntime.ts';

/** One file of a volume. */
export interface VolumeFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode?: number;
}

/** Where files come from. `version` compares equal as long as `files` would give the same. */
export interface FileSource {
  version(): unknown;
  files(): readonly VolumeFile[];
}

const usualMode = 0o644;

export class ObjectFiles implements VolumeFiles {
  readonly device = { name: 'tmpfs', type: 'tmpfs' };
  readonly #sources: readonly FileSource[];
  readonly #bits: number;
  #versions: readonly unknown[] | undefined;
  #files: Map<string, Uint8Array> | undefined;
  #modes: Map<string, number> | undefined;

  /** `bits` are set in the mode of every file. */
  constructor(sources: readonly FileSource[], bits = 0) {
    this.#sources = sources;
    this.#bits = bits;
  }

  get files(): Map<string, Uint8Array> {
    this.#refresh();
    return this.#files as Map<string, Uint8Array>;
  }

  get modes(): Map<string, number> {
    this.#refresh();
    return this.#modes as Map<string, number>;
  }

  /** The content as it is now, for a `subPath` mount: such a mount never sees later changes. */
  snapshot(): VolumeFiles {
    return { files: new Map(this.files), modes: new Map(this.modes) };
  }

  #refresh(): void {
    const versions = this.#sources.map((source) => source.version());
    if (this.#versions && versions.every((version, i) => version === this.#versions?.[i])) return;
    this.#versions = versions;
    const files = (this.#files ??= new Map());
    const modes = (this.#modes ??= new Map());
    files.clear();
    modes.clear();
    for (const source of this.#sources) {
      for (const { path, content, mode } of source.files()) {
        files.set(path, content);
        const whole = (mode ?? usualMode) | this.#bits;
        if (whole !== usualMode) modes.set(path, whole);
      }
    }
  }
}
