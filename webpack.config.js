// Bundles, all in dist/: cli.js (the command), runtime.js (a cluster of its own process), server.js (the language server),
// extension.cjs, media/ (the tree's page).
import path from 'node:path';
import { EsbuildPlugin } from 'esbuild-loader';
import webpack from 'webpack';
import { NoticesPlugin } from './scripts/noticesPlugin.js';

const dist = path.join(import.meta.dirname, 'dist');

// Importing `node:http` reads each of its exports, and one of them loads a whole web client (a tenth of a cluster's start).
// Required, a built-in module is loaded when the code that names it runs, and no more of it than is asked for.
const requiredBuiltins = { externalsPresets: { node: false }, externalsType: 'node-commonjs' };
const nodeBuiltins = () => new webpack.node.NodeTargetPlugin('node-commonjs');

const bundle = (mode, name, options) => ({
  name,
  mode,
  devtool: false,
  resolve: { extensions: ['.ts', '.js'] },
  module: {
    rules: [
      { test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2024' } },
      // Style sheets stand beside the script, as the page's policy wants them.
      { test: /\.(css|svg)$/, type: 'asset/resource', generator: { filename: '[name][ext]' } },
    ],
  },
  performance: { hints: false },
  stats: 'errors-warnings',
  ...options,
  optimization: {
    minimize: mode === 'production',
    minimizer: [new EsbuildPlugin({ target: 'es2024', legalComments: 'none', css: true })],
    ...options.optimization,
  },
  plugins: [...(options.plugins ?? []), new NoticesPlugin(`${name === 'media' ? '../' : ''}notices/${name}.txt`)],
});

export default (_environment, { mode = 'production' }) => [
  bundle(mode, 'runtime', {
    target: 'node22',
    entry: { cli: './cluster-runtime/src/cli/index.ts', runtime: './cluster-runtime/src/main.ts' },
    output: {
      path: dist,
      filename: '[name].js',
      chunkFilename: 'chunks/[name].js',
      module: true,
      chunkFormat: 'module',
      library: { type: 'module' },
      // The other bundles are next door.
      clean: { keep: /^(extension\.cjs|extension[\\/]|server\.js|server[\\/]|media[\\/]|notices[\\/]|.*\.vsix$)/ },
    },
    experiments: { outputModule: true },
    ...requiredBuiltins,
    optimization: { splitChunks: { chunks: 'all', cacheGroups: { default: false, defaultVendors: false } } },
    plugins: [
      nodeBuiltins(),
      // Native helpers and formats that these libraries use when they are installed; nothing here needs them.
      new webpack.IgnorePlugin({ resourceRegExp: /^(bufferutil|utf-8-validate|@mongodb-js\/zstd|node-liblzma)$/ }),
      new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true, test: /^cli\.js$/ }),
    ],
  }),
  bundle(mode, 'server', {
    target: 'node22',
    entry: { server: './server/src/main.ts' },
    output: {
      path: dist,
      filename: '[name].js',
      chunkFilename: 'server/[name].js',
      module: true,
      chunkFormat: 'module',
      library: { type: 'module' },
      clean: { keep: /^(?!server[\\/])/ },
    },
    experiments: { outputModule: true },
    externalsPresets: { node: true },
    plugins: [new webpack.IgnorePlugin({ resourceRegExp: /^(bufferutil|utf-8-validate)$/ })],
  }),
  // `.cjs`, because the package is of type module and the editor hands `vscode` to whoever requires it.
  bundle(mode, 'extension', {
    target: 'node22',
    entry: { extension: './client/src/extension.ts' },
    output: {
      path: dist,
      filename: '[name].cjs',
      chunkFilename: 'extension/[name].cjs',
      library: { type: 'commonjs2' },
      clean: { keep: /^(?!extension[\\/])/ },
    },
    externals: { vscode: 'commonjs vscode' },
    externalsPresets: { node: true },
    plugins: [new webpack.IgnorePlugin({ resourceRegExp: /^(bufferutil|utf-8-validate)$/ })],
  }),
  bundle(mode, 'media', {
    target: 'web',
    entry: { tree: './media/src/main.ts', details: './media/src/details/main.ts', dashboard: './media/src/browser/main.ts' },
    output: { path: path.join(dist, 'media'), filename: '[name].js', clean: true, publicPath: '' },
  }),
];
