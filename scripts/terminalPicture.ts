/**
 * Draws what a terminal shows as an SVG, for the documentation: `some command | node scripts/terminalPicture.ts 'prompt' > picture.svg`.
 */
import { readFileSync } from 'node:fs';

const command = process.argv[2] ?? '';
const text = readFileSync(0, 'utf8').trimEnd();
const lines = [...(command ? [`$ ${command}`] : []), ...text.split('\n')];
const [lineHeight, charWidth, padding, bar] = [18, 7.85, 18, 34];
const columns = Math.max(...lines.map((line) => line.length), 60);
const [width, height] = [Math.ceil(columns * charWidth + 2 * padding), lines.length * lineHeight + 2 * padding + bar];

const escape = (part: string): string => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
function colour(line: string): string {
  if (line.startsWith('$ ')) return '#ffffff';
  if (line.includes('✓')) return '#8ddb8c';
  if (/^\s*(export|kubectl|curl) /.test(line)) return '#9ecbff';
  if (/https?:\/\//.test(line)) return '#f2cc60';
  return '#c9d1d9';
}
const dots = ['#ff5f56', '#ffbd2e', '#27c93f']
  .map((fill, i) => `<circle cx="${20 + i * 18}" cy="17" r="6" fill="${fill}"/>`)
  .join('');
const rows = lines
  .map(
    (line, i) =>
      `<text x="${padding}" y="${bar + padding + i * lineHeight}" fill="${colour(line)}" xml:space="preserve">${escape(line)}</text>`,
  )
  .join('\n');
process.stdout
  .write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>${dots}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
${rows}
</g>
</svg>
`);
