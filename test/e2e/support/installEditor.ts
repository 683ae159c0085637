/**
 * Installs the editor under test once per machine: code-server from npm, with the native parts that it needs under this
 * Node built here. What was installed is kept in a folder of the user's cache; CODE_SERVER names another one.
 *
 * Its own install script wants a yarn and a browser download, so the steps that matter are done one by one.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const project = path.join(import.meta.dirname, '..');
const packages = ['libkrb5-dev', 'libsecret-1-dev', 'libx11-dev', 'libxkbfile-dev', 'pkg-config', 'g++', 'make', 'python3'];

/** The script that starts code-server. Installs it first where it is missing, which takes a few minutes. */
export function installEditor(): string {
  const given = process.env['CODE_SERVER'];
  const folder = given ?? path.join(cacheFolder(), `code-server-${version()}-node${process.versions.modules}`);
  const entry = path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  if (existsSync(entry)) return entry;
  if (given !== undefined) throw new Error(`CODE_SERVER names a folder without code-server: ${given}`);

  const building = `${folder}.building`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    copyFileSync(path.join(project, file), path.join(building, file));
  }
  say(`Installing code-server ${version()} into ${folder}. This happens once.`);
  installDebianPackages();
  npm(['ci', '--ignore-scripts'], building);
  const server = path.join(building, 'node_modules', 'code-server');
  for (const bin of globSync('**/cross-env/{dist,src}/bin/*.js', { cwd: building })) chmodSync(path.join(building, bin), 0o755);
  npm(['rebuild', 'argon2'], building);
  for (const part of ['lib/vscode', 'lib/vscode/extensions']) {
    npm(['install', '--omit=dev', '--no-package-lock'], path.join(server, part));
  }
  renameSync(building, folder);
  return entry;
}

const cacheFolder = (): string => path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'kube-playground');

function version(): string {
  const { dependencies } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return dependencies['code-server'] ?? '';
}

function npm(args: readonly string[], cwd: string): void {
  execFileSync('npm', [...args, '--no-audit', '--no-fund'], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Where the machine lets us; elsewhere the build says what it misses. */
function installDebianPackages(): void {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return;
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
  execFileSync('apt-get', ['install', '-yqq', ...missing], { stdio: 'inherit' });
}

function isInstalled(name: string): boolean {
  try {
    execFileSync('dpkg', ['-s', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // dpkg answers a missing package with its exit status.
  }
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

if (import.meta.main) installEditor();
