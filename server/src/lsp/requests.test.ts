/** The edge of the protocol: a feature that fails gives nothing, is told of once, and takes no other with it. */
import { PassThrough } from 'node:stream';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { afterEach, expect, test } from 'vitest';
import { silentLog } from '#common/base/log.ts';
import { allFeatures } from '../features/allFeatures.ts';
import type { Features } from '../features/feature.ts';
import { RuleRunner } from '../rules/runner.ts';
import { World } from '../world.ts';
import { Convert } from './convert.ts';
import { Positions } from './positions.ts';
import { Requests } from './requests.ts';

const uri = 'file:///pod.yaml';
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

function serve(features: Partial<Features>) {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connection = createConnection(ProposedFeatures.all, new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const world = new World(() => 0);
  const positions = new Positions('utf-16');
  const told: string[] = [];
  const log = { ...silentLog, error: (message: string) => void told.push(message) };
  const deps = {
    connection,
    world,
    positions,
    log,
    runner: new RuleRunner([], log),
    convert: new Convert(positions, world.index),
    onAges: () => undefined,
  };
  new Requests({ ...deps, features: { ...allFeatures, ...features } }).register();
  connection.listen();
  client.listen();
  closers.push(
    () => client.dispose(),
    () => connection.dispose(),
  );
  world.index.setOpen(uri, 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n', 1);
  return { client, told };
}

const fail = (): never => {
  throw new Error('a bug');
};
const at = { textDocument: { uri }, position: { line: 1, character: 8 } };

test('a feature that throws gives nothing and is told of once', async () => {
  const { client, told } = serve({ hover: [fail], completion: [() => Promise.reject(new Error('a bug'))] });
  for (let i = 0; i < 3; i++) {
    expect(await client.sendRequest('textDocument/hover', at)).toBeNull();
    expect(await client.sendRequest('textDocument/completion', at)).toMatchObject({ items: [] });
  }
  expect(told).toEqual(['hover[0] failed', 'completion[0] failed']);
});

test('the others of the same method are still heard', async () => {
  const { client, told } = serve({ hover: [fail, () => ({ markdown: 'a pod' })] });
  expect(await client.sendRequest('textDocument/hover', at)).toMatchObject({ contents: { value: 'a pod' } });
  expect(told).toEqual(['hover[0] failed']);
});
