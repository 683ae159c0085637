/**
 * Which kubectl there are on this machine: `kubectl` and `kubectl.1.*` in the folders of PATH and beside the file that
 * PATH's kubectl really is. KUBE_PLAYGROUND_KUBECTL_FOLDERS, a list like PATH, names other folders instead.
 */
import { readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { run } from '../support/run.ts';

export interface KubectlFile {
  readonly file: string;
  /** As the program says it, such as `v1.33.1`. */
  readonly version: string;
  readonly minor: number;
}

const fileName = /^kubectl(\.1\.\d+)?(\.exe)?$/;

/** One for each version, oldest first. */
export async function findKubectls(): Promise<KubectlFile[]> {
  const files = new Set(folders().flatMap(kubectlsIn));
  const found = await Promise.all([...files].map(readVersion));
  const byVersion = new Map(found.filter((kubectl) => kubectl !== undefined).map((kubectl) => [kubectl.version, kubectl]));
  return [...byVersion.values()].sort((a, b) => a.version.localeCompare(b.version, undefined, { numeric: true }));
}

function folders(): string[] {
  const given = process.env['KUBE_PLAYGROUND_KUBECTL_FOLDERS'];
  if (given !== undefined) return given.split(path.delimiter).filter(Boolean);
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return [...onPath, ...onPath.flatMap(kubectlsIn).map((file) => path.dirname(file))];
}

/** Their real names, so that a link and what it leads to are one. */
function kubectlsIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    // PATH may name folders that do not exist, or that are not ours to read.
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
  return names.filter((name) => fileName.test(name)).map((name) => realpathSync(path.join(folder, name)));
}

/** Undefined for something that has the name of a kubectl and does not run here. */
async function readVersion(file: string): Promise<KubectlFile | undefined> {
  const { code, stdout } = await run(file, ['version', '--client', '--output=json']);
  if (code !== 0) return undefined;
  const { clientVersion } = JSON.parse(stdout) as { clientVersion: { gitVersion: string; minor: string } };
  return { file, version: clientVersion.gitVersion, minor: parseInt(clientVersion.minor, 10) };
}
