import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createCertificates } from '#runtime/apiserver/http/certificates.ts';
import { kubeconfigText } from '#runtime/apiserver/http/kubeconfig.ts';
import { accessOfContext, readKubeconfig } from './contextAccess.ts';
import { contextsOf, kubeconfigFiles, loadKubeconfig } from './kubeconfig.ts';
import { KubeconfigError } from './kubeconfigError.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kubeconfig-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { ca, admin } = createCertificates(Date.UTC(2026, 0, 1));
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function file(name: string, text: string): string {
  const full = path.join(folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** One cluster, user and context, with these fields. */
const config = (cluster: string, user = '{}', context = ''): string => `
apiVersion: v1
kind: Config
current-context: one
contexts: [{name: one, context: {cluster: c, user: u${context}}}]
clusters: [{name: c, cluster: ${cluster}}]
users: [{name: u, user: ${user}}]
`;
const server = 'server: "https://h:1"';

describe('what a context comes down to', () => {
  beforeEach(() => {
    file('pki/ca.crt', ca.cert);
    file('pki/me.crt', admin.cert);
    file('pki/me.key', admin.key);
  });

  it.each<[string, string, object]>([
    ['only a server', config('{server: "https://h:1/"}'), { server: 'https://h:1' }],
    [
      'a path, a namespace',
      config('{server: "https://h/k8s/c-1"}', '{}', ', namespace: n'),
      { server: 'https://h/k8s/c-1', namespace: 'n' },
    ],
    ['without TLS', config('{server: "http://localhost:8001"}'), { server: 'http://localhost:8001' }],
    [
      'embedded certificates',
      config(
        `{${server}, certificate-authority-data: ${base64(ca.cert)}}`,
        `{client-certificate-data: ${base64(admin.cert)}, client-key-data: ${base64(admin.key)}}`,
      ),
      { server: 'https://h:1', ca: Buffer.from(ca.cert), cert: Buffer.from(admin.cert), key: Buffer.from(admin.key) },
    ],
    [
      'certificates in files beside it',
      config(`{${server}, certificate-authority: pki/ca.crt}`, '{client-certificate: pki/me.crt, client-key: ./pki/me.key}'),
      { server: 'https://h:1', ca: Buffer.from(ca.cert), cert: Buffer.from(admin.cert), key: Buffer.from(admin.key) },
    ],
    ['a token', config(`{${server}}`, '{token: t}'), { server: 'https://h:1', token: 't' }],
    [
      'a token file, which goes before a token',
      config(`{${server}}`, '{token: t, tokenFile: tok}'),
      { server: 'https://h:1', tokenFile: path.join(folder, 'tok') },
    ],
    [
      'a name and password',
      config(`{${server}}`, '{username: a, password: 123}'),
      { server: 'https://h:1', basic: { username: 'a', password: '123' } },
    ],
    [
      'somebody else',
      config(`{${server}}`, '{as: eve, as-groups: [g], as-user-extra: {k: [v]}}'),
      { server: 'https://h:1', impersonate: { user: 'eve', groups: ['g'], extra: { k: ['v'] } } },
    ],
    [
      'how to get there',
      config(`{${server}, proxy-url: "socks5://p:1", tls-server-name: other, insecure-skip-tls-verify: true}`),
      { server: 'https://h:1', proxyUrl: 'socks5://p:1', tlsServerName: 'other', insecure: true },
    ],
    [
      'a program',
      config(
        `{${server}, tls-server-name: s, extensions: [{name: client.authentication.k8s.io/exec, extension: {a: 1}}]}`,
        '{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login, args: [a, 1], env: [{name: X, value: y}], installHint: get it, provideClusterInfo: true}}',
      ),
      {
        server: 'https://h:1',
        tlsServerName: 's',
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: path.join(folder, 'bin/login'),
          args: ['a', '1'],
          env: { X: 'y' },
          installHint: 'get it',
          clusterInfo: { server: 'https://h:1', 'tls-server-name': 's', config: { a: 1 } },
        },
      },
    ],
    [
      'a context without a user',
      'current-context: one\ncontexts: [{name: one, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: "https://h"}}]',
      { server: 'https://h' },
    ],
    [
      'JSON',
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'x' } }],
        clusters: [{ name: 'x', cluster: { server: 'https://j' } }],
      }),
      { server: 'https://j' },
    ],
  ])('%s', async (_, text, access) => {
    expect(await readKubeconfig(file('config', text))).toEqual(access);
  });

  it("the playground's own", async () => {
    const text = kubeconfigText({
      name: 'playground',
      server: 'https://127.0.0.1:6443',
      ca: ca.cert,
      credentials: { token: 't' },
    });
    expect(await readKubeconfig(file('config', text))).toEqual({
      server: 'https://127.0.0.1:6443',
      ca: Buffer.from(ca.cert),
      token: 't',
    });
  });
});

describe('what is wrong with a file is said in one sentence', () => {
  it.each<[string, string, string]>([
    ['no YAML', 'a: b: c', 'The kubeconfig FILE is not valid YAML (line 1, column 4).'],
    ['a list', '[1]', 'FILE is no kubeconfig.'],
    ['a Pod', 'kind: Pod', 'FILE is no kubeconfig.'],
    ['empty', '', 'The kubeconfig FILE names no current context.'],
    ['contexts that are a word', 'contexts: x', 'The kubeconfig FILE has contexts that are no list.'],
    ['an entry without a name', 'users: [{user: {token: secret}}]', 'The kubeconfig FILE has a user without a name.'],
    ['an entry of nothing', 'users: [{name: u, user: secret}]', 'The kubeconfig FILE says nothing of its user "u".'],
    [
      'a context that is not there',
      'current-context: x\ncontexts: [{name: __proto__}]',
      'The kubeconfig FILE has no context "x"; it has "__proto__".',
    ],
    ['a context without a cluster', 'current-context: x\ncontexts: [{name: x}]', 'The context "x" of FILE names no cluster.'],
    [
      'a cluster that is not there',
      'current-context: x\ncontexts: [{name: x, context: {cluster: toString}}]',
      'The context "x" of FILE is of a cluster "toString" that the kubeconfig does not have.',
    ],
    [
      'a user that is not there',
      config(`{${server}}`).replace('user: u}', 'user: v}'),
      'The context "one" of FILE is of a user "v" that the kubeconfig does not have.',
    ],
    ['no server', config('{}'), 'The cluster "c" of FILE has no server.'],
    [
      'a server without a scheme',
      config('{server: "localhost:6443"}'),
      'The cluster "c" of FILE has the server "localhost:6443", which is no address.',
    ],
    [
      'authority and insecure',
      config(`{${server}, insecure-skip-tls-verify: true, certificate-authority-data: ${base64(ca.cert)}}`),
      'The cluster "c" of FILE has both a certificate authority and insecure-skip-tls-verify.',
    ],
    [
      'an authority that is none',
      config(`{${server}, certificate-authority-data: c2VjcmV0}`),
      'The cluster "c" of FILE has no certificate in certificate-authority-data (PEM in base64).',
    ],
    [
      'a file that is not there',
      config(`{${server}, certificate-authority: gone.crt}`),
      `The cluster "c" of FILE has its certificate-authority in ${path.join(folder, 'gone.crt')}, which cannot be read (ENOENT).`,
    ],
    [
      'a proxy that is none',
      config(`{${server}, proxy-url: "ftp://x"}`),
      'The cluster "c" of FILE has a proxy-url that is no http, https or socks5 address.',
    ],
    [
      'a certificate without its key',
      config(`{${server}}`, `{client-certificate-data: ${base64(admin.cert)}}`),
      'The user "u" of FILE has a client certificate without its key.',
    ],
    [
      'a key without its certificate',
      config(`{${server}}`, `{client-key-data: ${base64(admin.key)}}`),
      'The user "u" of FILE has a client key without its certificate.',
    ],
    [
      'an auth-provider',
      config(`{${server}}`, '{auth-provider: {name: gcp}}'),
      'The user "u" of FILE has an auth-provider, which Kubernetes no longer has; use an exec plugin.',
    ],
    [
      'a program without a command',
      config(`{${server}}`, '{exec: {apiVersion: client.authentication.k8s.io/v1}}'),
      'The user "u" of FILE has an exec plugin without a command.',
    ],
    [
      'a program of an old version',
      config(`{${server}}`, '{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}'),
      'The user "u" of FILE has an exec plugin whose apiVersion is not client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1.',
    ],
  ])('%s', async (_, text, sentence) => {
    const name = file('bad', text);
    const error = await readKubeconfig(name).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(KubeconfigError);
    const { message } = error as Error;
    expect(message.replaceAll(name, 'FILE')).toBe(sentence);
    expect(message).not.toContain('secret');
  });

  it('of a file that is not there, and of one that is a folder', async () => {
    const gone = path.join(folder, 'gone');
    await expect(readKubeconfig(gone)).rejects.toThrow(`There is no kubeconfig at ${gone}.`);
    await expect(readKubeconfig(folder)).rejects.toThrow(`The kubeconfig ${folder} cannot be read (EISDIR).`);
  });
});

describe('several files', () => {
  it('are those of KUBECONFIG, or the one in the home folder', () => {
    expect(kubeconfigFiles({ KUBECONFIG: ['/a', '', '/b', '/a'].join(path.delimiter) }, '/home/me')).toEqual(['/a', '/b']);
    expect(kubeconfigFiles({ KUBECONFIG: '' }, '/home/me')).toEqual([path.join('/home/me', '.kube', 'config')]);
  });

  it('are merged: whoever says something first is right, and paths begin beside their file', async () => {
    file('m/two/ca.crt', ca.cert);
    const one = file(
      'm/one/config',
      'contexts: [{name: a, context: {cluster: shared, user: ua, namespace: n}}]\nclusters: [{name: shared, cluster: {server: "https://one"}}]',
    );
    const two = file(
      'm/two/config',
      'current-context: b\ncontexts: [{name: a, context: {cluster: other}}, {name: b, context: {cluster: own, user: ua}}]\nclusters: [{name: shared, cluster: {server: "https://two"}}, {name: own, cluster: {server: "https://own", certificate-authority: ca.crt}}]\nusers: [{name: ua, user: {token: t}}]',
    );
    const merged = await loadKubeconfig([one, path.join(folder, 'm/missing'), two]);
    expect(contextsOf(merged)).toEqual([
      { name: 'a', isCurrent: false, cluster: 'shared', user: 'ua', namespace: 'n' },
      { name: 'b', isCurrent: true, cluster: 'own', user: 'ua', namespace: 'default' },
    ]);
    expect(await accessOfContext(merged)).toEqual({ server: 'https://own', ca: Buffer.from(ca.cert), token: 't' });
    expect(await accessOfContext(merged, 'a')).toEqual({ server: 'https://one', token: 't', namespace: 'n' });
  });
});
