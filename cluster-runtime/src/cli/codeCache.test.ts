import { homedir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { codeCacheFolder } from './codeCache.ts';

test.each<[NodeJS.ProcessEnv, NodeJS.Platform, string]>([
  [{}, 'linux', path.join(homedir(), '.cache/kube-playground/code')],
  [{}, 'darwin', path.join(homedir(), 'Library/Caches/kube-playground/code')],
  [{ LOCALAPPDATA: '/local' }, 'win32', '/local/kube-playground/code'],
  [{ XDG_CACHE_HOME: '/caches' }, 'linux', '/caches/kube-playground/code'],
  [{ XDG_CACHE_HOME: 'caches' }, 'linux', path.join(homedir(), '.cache/kube-playground/code')],
])('%j on %s: %s', (environment, platform, expected) => {
  expect(codeCacheFolder(environment, platform)).toBe(expected);
});
