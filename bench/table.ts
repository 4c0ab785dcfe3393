import type { Figures } from './measure.ts';
import { markdown, shown } from './markdown.ts';
import { ratios, spread } from './statistics.ts';
import { TOOL_NAMES } from './tools.ts';
import type { ToolName } from './tools.ts';

/** What all tools took for the same work, a list of rounds each. */
export interface Measured {
  title: string;
  rounds: Map<ToolName, Figures[]>;
}

const HEAD = ['', 'wall s', 'CPU s', 'MB', 'wall : script', 'CPU : ssh2', 'wall : xrun', 'rounds'];

/** One table of everything; a median, and in brackets the least and the most. */
export function table(all: readonly Measured[]): string {
  const rows = all.flatMap((measured) => [
    [`**${measured.title}**`, ...HEAD.slice(1).map(() => '')],
    ...toolRows(measured),
  ]);
  return markdown(HEAD, rows);
}

function toolRows({ rounds }: Measured): string[][] {
  const wall = (tool: ToolName) => (rounds.get(tool) ?? []).map((f) => f.wall);
  const cpu = (tool: ToolName) => (rounds.get(tool) ?? []).map((f) => f.cpu);
  return [...rounds].map(([tool, figures]) => [
    TOOL_NAMES[tool],
    shown(spread(wall(tool))),
    shown(spread(cpu(tool))),
    spread(figures.map((f) => f.rss)).median.toFixed(0),
    tool === 'script' ? '1' : shown(ratios(wall(tool), wall('script'))),
    tool === 'ssh2' ? '1' : shown(ratios(cpu(tool), cpu('ssh2'))),
    tool === 'xrun' ? '1' : shown(ratios(wall(tool), wall('xrun'))),
    String(figures.length),
  ]);
}

/** What one host more costs, from the least number of hosts that was measured to the most, and in between. */
export function growth(all: readonly { hosts: number; measured: Measured }[]): string {
  const text: string[] = [];
  for (const tool of ['script', 'ssh2', 'xrun'] as const) {
    const points = all.flatMap(({ hosts, measured }) => {
      const figures = measured.rounds.get(tool);
      return figures
        ? [
            {
              hosts,
              wall: spread(figures.map((f) => f.wall)).median,
              cpu: spread(figures.map((f) => f.cpu)).median,
              rss: spread(figures.map((f) => f.rss)).median,
            },
          ]
        : [];
    });
    for (const [i, to] of points.entries()) {
      const from = points[i - 1];
      if (!from) continue;
      const per = (key: 'wall' | 'cpu' | 'rss', unit: number) =>
        (((to[key] - from[key]) / (to.hosts - from.hosts)) * unit).toFixed(1);
      text.push(
        `${TOOL_NAMES[tool]}, ${from.hosts} to ${to.hosts} hosts: a host more costs ${per('wall', 1000)} ms, ${per('cpu', 1000)} ms of CPU, ${per('rss', 1024)} kB\n`,
      );
    }
  }
  return text.join('');
}
