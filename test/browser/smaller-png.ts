import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = 8;
const COLOURS = 256;

/** The same picture in its 256 commonest colours, every other one drawn in the nearest of them. Takes what a browser makes: RGB or RGBA, 8 bits, not interlaced. */
export function smallerPng(png: Buffer): Buffer {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const bytes = png[25] === 6 ? 4 : 3;
  const pixels = unfiltered(inflateSync(Buffer.concat(dataOf(png))), width * bytes, height, bytes);
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += bytes) counts.set(pixels.readUIntBE(at, 3), (counts.get(pixels.readUIntBE(at, 3)) ?? 0) + 1);
  const palette = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, COLOURS).map(([colour]) => colour);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));

  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = places.get(pixels.readUIntBE((y * width + x) * bytes, 3)) ?? 0;
  const header = Buffer.from(png.subarray(16, 29));
  // Colour type 3: indexed.
  header[9] = 3;
  const colours = Buffer.from(palette.flatMap((colour) => [...parts(colour)]));
  return Buffer.concat([png.subarray(0, SIGNATURE), chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function dataOf(png: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') found.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

/** Each row says how it was written as differences from what stands left of it and above it (PNG, section 9). */
function unfiltered(raw: Buffer, row: number, height: number, bytes: number): Buffer {
  const pixels = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const at = y * row + x;
      const left = x < bytes ? 0 : (pixels[at - bytes] ?? 0);
      const above = y === 0 ? 0 : (pixels[at - row] ?? 0);
      const corner = x < bytes || y === 0 ? 0 : (pixels[at - row - bytes] ?? 0);
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter ?? 0] ?? 0;
      pixels[at] = (raw[y * (row + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return pixels;
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

function nearest(palette: readonly number[], colour: number): number {
  const own = parts(colour);
  const far = (other: number): number => parts(other).reduce((sum, part, index) => sum + (part - (own[index] ?? 0)) ** 2, 0);
  return palette.reduce((best, other, index) => (far(other) < far(palette[best] ?? 0) ? index : best), 0);
}

function parts(colour: number): readonly [number, number, number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
