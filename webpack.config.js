// Bundles: dist/cli.js (the command) and dist/runtime.js (a cluster of its own process). Later: extension, server, media.
import path from 'node:path';
import { EsbuildPlugin } from 'esbuild-loader';
import webpack from 'webpack';

const here = import.meta.dirname;

export default (_environment, { mode = 'production' }) => ({
  mode,
  target: 'node22',
  entry: { cli: './cluster-runtime/src/cli/index.ts', runtime: './cluster-runtime/src/main.ts' },
  output: {
    path: path.join(here, 'dist'),
    filename: '[name].js',
    chunkFilename: 'chunks/[name].js',
    module: true,
    chunkFormat: 'module',
    library: { type: 'module' },
    clean: true,
  },
  experiments: { outputModule: true },
  externalsPresets: { node: true },
  devtool: false,
  resolve: { extensions: ['.ts', '.js'] },
  module: { rules: [{ test: /\.ts$/, loader: 'esbuild-loader', options: { target: 'es2024' } }] },
  optimization: {
    minimize: mode === 'production',
    minimizer: [new EsbuildPlugin({ target: 'es2024', legalComments: 'none' })],
    splitChunks: { chunks: 'all', cacheGroups: { default: false, defaultVendors: false } },
  },
  plugins: [
    // Native helpers and formats that these libraries use when they are installed; nothing here needs them.
    new webpack.IgnorePlugin({ resourceRegExp: /^(bufferutil|utf-8-validate|@mongodb-js\/zstd|node-liblzma)$/ }),
    new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true, test: /^cli\.js$/ }),
  ],
  performance: { hints: false },
  stats: 'errors-warnings',
});
