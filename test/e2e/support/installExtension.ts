/** The packaged extension, installed by the editor itself into a folder that every editor of a run copies. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectFolder } from '../../support/testCluster.ts';

let installed: string | undefined;

/** A folder for `--extensions-dir`. VSIX names a package; else the one that `npm run package` made is taken. */
export function installExtension(codeServer: string): string {
  if (installed !== undefined) return installed;
  const vsix = process.env['VSIX'] ?? path.join(projectFolder, 'dist', 'kube-playground.vsix');
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing; "npm run package" makes it`);
  const folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-extension-'));
  const [extensions, user] = [path.join(folder, 'extensions'), path.join(folder, 'user')];
  const args = [codeServer, '--install-extension', vsix, '--extensions-dir', extensions, '--user-data-dir', user];
  execFileSync(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, XDG_CONFIG_HOME: folder },
  });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  installed = extensions;
  return extensions;
}
