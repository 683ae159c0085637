/**
 * A screenshot with at most 256 colours, at a third of its size: pictures of an editor are text on flat ground. Reads and
 * writes what Chromium makes (8 bits a channel, not interlaced) and nothing else.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const mostColours = 256;

interface Image {
  readonly width: number;
  readonly height: number;
  /** One number a pixel: red, green, blue. */
  readonly pixels: Uint32Array;
}

export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const palette = paletteOf(pixels);
  const places = new Map<number, number>();
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0, at = 0, out = 0; y < height; y++) {
    lines[out++] = 0;
    for (let x = 0; x < width; x++) {
      const colour = pixels[at++] ?? 0;
      let place = places.get(colour);
      if (place === undefined) places.set(colour, (place = nearest(palette, colour)));
      lines[out++] = place;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function decode(png: Buffer): Image {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = { 2: 3, 6: 4 }[png[25] ?? -1];
  if (png[24] !== 8 || channels === undefined || png[28] !== 0) throw new Error('not a screenshot as Chromium makes it');
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const data = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const begin = y * (stride + 1);
    const line = unfiltered(data[begin] ?? 0, data.subarray(begin + 1, begin + 1 + stride), above, channels);
    for (let x = 0; x < width; x++) {
      const at = x * channels;
      pixels[y * width + x] = ((line[at] ?? 0) << 16) | ((line[at + 1] ?? 0) << 8) | (line[at + 2] ?? 0);
    }
    above = line;
  }
  return { width, height, pixels };
}

/** A line without the filter that it was packed with: a byte says how it is told by its neighbours. */
function unfiltered(filter: number, packed: Uint8Array, above: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) {
    const left = line[i - channels] ?? 0;
    const up = above[i] ?? 0;
    const corner = i < channels ? 0 : (above[i - channels] ?? 0);
    const told = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    line[i] = (packed[i] ?? 0) + told;
  }
  return line;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

interface Box {
  readonly colours: readonly (readonly [colour: number, weight: number])[];
  /** How much is lost when all of it becomes one colour, and by which channel it is best cut. */
  readonly loss: number;
  readonly shift: number;
}

/** By cutting the box of colours that loses most, until there are as many boxes as colours may be. */
function paletteOf(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  // What is rare, as a state's badge is, must not drown in what is everywhere.
  const boxes = [boxOf([...counts].map(([colour, count]) => [colour, Math.sqrt(count)] as const))];
  while (boxes.length < Math.min(mostColours, counts.size)) {
    const worst = boxes.reduce((most, box, i) => (box.loss > (boxes[most]?.loss ?? -1) ? i : most), 0);
    const { colours, shift } = boxes[worst] ?? boxOf([]);
    const sorted = colours.toSorted(([a], [b]) => ((a >> shift) & 255) - ((b >> shift) & 255));
    const mean = channelMean(colours, shift);
    const cut = Math.max(
      1,
      Math.min(
        sorted.length - 1,
        sorted.findIndex(([colour]) => ((colour >> shift) & 255) > mean),
      ),
    );
    boxes.splice(worst, 1, boxOf(sorted.slice(0, cut)), boxOf(sorted.slice(cut)));
  }
  // Flat ground keeps its very colour.
  return boxes.map(({ colours }) => colours.reduce((most, each) => (each[1] > most[1] ? each : most))[0]);
}

function channelMean(colours: Box['colours'], shift: number): number {
  let [sum, weights] = [0, 0];
  for (const [colour, weight] of colours) {
    sum += ((colour >> shift) & 255) * weight;
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

function boxOf(colours: Box['colours']): Box {
  const losses = [16, 8, 0].map((shift) => {
    const mean = channelMean(colours, shift);
    return { shift, loss: colours.reduce((sum, [colour, weight]) => sum + weight * (((colour >> shift) & 255) - mean) ** 2, 0) };
  });
  const { shift, loss } = losses.reduce((most, each) => (each.loss > most.loss ? each : most));
  return { colours, shift, loss: colours.length > 1 ? loss : -1 };
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Infinity];
  for (const [place, other] of palette.entries()) {
    const [red, green, blue] = [16, 8, 0].map((shift) => ((colour >> shift) & 255) - ((other >> shift) & 255));
    const distance = (red ?? 0) ** 2 + (green ?? 0) ** 2 + (blue ?? 0) ** 2;
    if (distance < least) [best, least] = [place, distance];
  }
  return best;
}
