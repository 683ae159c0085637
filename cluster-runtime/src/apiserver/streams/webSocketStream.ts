/** A WebSocket as a byte stream: the bounds of its messages mean nothing. */
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { toBuffer } from './webSocketChannels.ts';

export function createWebSocketStream(webSocket: WebSocket): Duplex {
  const stream = new Duplex({
    read() {
      if (webSocket.isPaused) webSocket.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      if (webSocket.readyState === webSocket.OPEN) webSocket.send(chunk, done);
      else done();
    },
    final(done) {
      webSocket.close(1000);
      done();
    },
    destroy(error, done) {
      webSocket.terminate();
      done(error);
    },
  });
  webSocket.on('message', (data) => {
    if (!stream.push(toBuffer(data))) webSocket.pause();
  });
  webSocket.on('close', () => {
    stream.push(null);
    stream.end();
  });
  // The close event follows every error.
  webSocket.on('error', () => undefined);
  return stream;
}
