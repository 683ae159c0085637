/** The language server's process: `node dist/server.js --stdio`. Standard output belongs to the protocol. */
import { createConnection, ProposedFeatures, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { RealClock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import { nodeFileSystem } from './lsp/fileSystem.ts';
import { keepHeapSmall } from './lsp/heap.ts';
import { startLanguageServer } from './lsp/languageServer.ts';

keepHeapSmall();

const connection = process.argv.includes('--stdio')
  ? createConnection(ProposedFeatures.all, new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout))
  : createConnection(ProposedFeatures.all);

startLanguageServer({ connection, clock: new RealClock(), random: new Random(Date.now()), fs: nodeFileSystem });
