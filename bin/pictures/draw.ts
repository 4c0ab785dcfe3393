import type { Layer, Scheme } from './schemes.ts';

const WIDTH = 720;
const HOST = { width: 236, left: [16, WIDTH - 16 - 236] as [number, number] };
const BOX = { width: 180, height: 44, step: 64 };
const MIDDLE = WIDTH / 2;
const INK = '#24292f';

/** The picture of a scheme (see schemes.ts) as SVG: two hosts, what is in them, and what is between them. */
export function draw(name: string, { stack, joined, store, wire }: Scheme): string {
  const top = store ? 84 : 20;
  const bottom = top + 40 + stack.length * BOX.step;
  const y = (index: number) => top + 36 + index * BOX.step;
  const parts = [
    ...HOST.left.map((left, host) => hostWith(left, host, stack, [top, bottom], y)),
    ...(store ? [above(store, top)] : []),
    ...(joined ? [between(y(stack.findIndex(([what]) => what === joined.at)) + BOX.height / 2, joined.by)] : []),
    below(wire, y(stack.length - 1) + BOX.height, bottom + 44),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 76}" width="${WIDTH}" font-family="sans-serif" font-size="14" fill="${INK}">
<title>${escape(name)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

const centre = (left: number) => left + HOST.width / 2;

function hostWith(
  left: number,
  host: number,
  stack: readonly Layer[],
  [top, bottom]: [number, number],
  y: (index: number) => number,
): string {
  const boxes = stack.map(([what, ...under], index) => {
    const line =
      index > 0 ? `<path d="M${centre(left)} ${y(index - 1) + BOX.height}V${y(index)}" stroke="${INK}"/>\n` : '';
    return line + box(centre(left), y(index), what, under[host] ?? '', index === 0 ? '#ddf4ff' : '#f6f8fa');
  });
  return `<rect x="${left}" y="${top}" width="${HOST.width}" height="${bottom - top}" rx="8" fill="none" stroke="#8c959f" stroke-dasharray="4 3"/>
<text x="${left + 10}" y="${top + 22}" font-weight="bold">host ${host + 1}</text>
${boxes.join('\n')}`;
}

function box(x: number, y: number, what: string, under: string, fill: string): string {
  return `<rect x="${x - BOX.width / 2}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="5" fill="${fill}" stroke="${INK}"/>
<text x="${x}" y="${y + 18}" text-anchor="middle">${escape(what)}</text>
<text x="${x}" y="${y + 36}" text-anchor="middle" font-size="12" fill="#57606a">${escape(under)}</text>`;
}

/** A tunnel, or routes: what the packets seem to take. */
function between(y: number, by: string): string {
  const [from, to] = [centre(HOST.left[0]) + BOX.width / 2, centre(HOST.left[1]) - BOX.width / 2];
  return `<path d="M${from} ${y}H${to}" stroke="#0969da" stroke-width="5" stroke-dasharray="10 5"/>
<text x="${MIDDLE}" y="${y - 12}" text-anchor="middle" fill="#0969da">${escape(by)}</text>`;
}

/** What both ask where the other's containers are. */
function above(store: string, top: number): string {
  const lines = HOST.left.map((left) => `<path d="M${MIDDLE} 54L${centre(left)} ${top}" stroke="#8250df"/>`);
  return `${lines.join('\n')}
<rect x="${MIDDLE - 95}" y="18" width="190" height="36" rx="18" fill="#fbefff" stroke="#8250df"/>
<text x="${MIDDLE}" y="41" text-anchor="middle">${escape(store)}</text>`;
}

/** The wire that they take. */
function below(wire: string, from: number, y: number): string {
  const [one, other] = HOST.left.map(centre) as [number, number];
  return `<path d="M${one} ${from}V${y}H${other}V${from}" fill="none" stroke="${INK}" stroke-width="2"/>
<rect x="${MIDDLE - 110}" y="${y - 17}" width="220" height="34" rx="5" fill="#fff8c5" stroke="${INK}"/>
<text x="${MIDDLE}" y="${y + 5}" text-anchor="middle">${escape(wire)}</text>`;
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
