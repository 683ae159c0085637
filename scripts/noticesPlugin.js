/**
 * Writes the licence notices of the libraries in a bundle, which travel with it. Looks at the modules before they are
 * joined, where each still knows the package that it came from; a library without a licence text fails the build.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import webpack from 'webpack';

export class NoticesPlugin {
  #file;

  /** `file` is relative to the bundle's folder. */
  constructor(file) {
    this.#file = file;
  }

  apply(compiler) {
    compiler.hooks.thisCompilation.tap('NoticesPlugin', (compilation) => {
      const folders = new Set();
      compilation.hooks.finishModules.tap('NoticesPlugin', (modules) => {
        for (const { resource } of modules) {
          const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(resource ?? '')?.[0];
          if (folder) folders.add(folder);
        }
      });
      const stage = webpack.Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL;
      compilation.hooks.processAssets.tap({ name: 'NoticesPlugin', stage }, () => {
        const notices = [...folders].map((folder) => notice(folder, compilation)).sort();
        compilation.emitAsset(this.#file, new webpack.sources.RawSource(`${notices.join('\n\n')}\n`));
      });
    });
  }
}

function notice(folder, compilation) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const texts = globSync('{licen[cs]e,notice,copying,LICEN[CS]E,NOTICE,COPYING}*', { cwd: folder }).sort();
  if (texts.length === 0 && !license) compilation.errors.push(new webpack.WebpackError(`${name} comes without a licence`));
  const body = texts.map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...body].join('\n\n');
}
