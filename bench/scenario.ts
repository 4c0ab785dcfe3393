import { rmSync, mkdirSync } from 'node:fs';
import type { Arena } from './arena.ts';
import { measure } from './measure.ts';
import type { Figures } from './measure.ts';
import type { Measured } from './table.ts';
import { prepare, TOOL_NAMES } from './tools.ts';
import type { ToolName } from './tools.ts';
import { fingerprint } from './workload.ts';

/** `fresh`: nothing is there yet. `converged`: all is right already. `true`: one task, of one command. `large`: one file to send. */
export const WORKS = ['converged', 'fresh', 'true', 'large'] as const;
export type Work = (typeof WORKS)[number];

/** Some work on some hosts. */
export interface Scenario {
  work: Work;
  hosts: number;
  /** Over the proxies that add a round trip's time. */
  far: boolean;
  title: string;
}

/** How often each tool runs. */
export type Rounds = (tool: ToolName) => number;

/**
 * Lets every tool do the work, by turns, so that whatever else this machine does meets them all. Throws where a tool
 * fails, or leaves the hosts otherwise than the script does.
 */
export async function play(
  scenario: Scenario,
  tools: readonly ToolName[],
  rounds: Rounds,
  arena: Arena,
  say: (line: string) => void,
): Promise<Measured> {
  const access = scenario.far ? arena.far : arena.near;
  const workload = scenario.work === 'true' || scenario.work === 'large' ? scenario.work : 'twenty';
  const prepared = new Map(
    await Promise.all(
      tools.map(async (tool) => [tool, await prepare(tool, workload, scenario.hosts, arena, access)] as const),
    ),
  );
  const script = await prepare('script', workload, scenario.hosts, arena, access);
  empty(arena.root);
  await measure(script.command, arena.dir);
  const wanted = fingerprint(arena.root);
  const taken = new Map<ToolName, Figures[]>(tools.map((tool) => [tool, []]));
  for (let round = 0; round < Math.max(...tools.map(rounds)); round++) {
    for (const tool of tools) {
      if (round >= rounds(tool)) continue;
      if (scenario.work === 'fresh' || scenario.work === 'large') empty(arena.root);
      const { command, clean } = prepared.get(tool)!;
      const figures = await measure(command, arena.dir);
      clean?.();
      if (fingerprint(arena.root) !== wanted)
        throw new Error(`${scenario.title}: ${TOOL_NAMES[tool]} left the hosts otherwise than the script did`);
      taken.get(tool)!.push(figures);
      say(
        `${scenario.title}: ${TOOL_NAMES[tool]}: ${figures.wall.toFixed(2)} s, ${figures.cpu.toFixed(2)} s of CPU, ${figures.rss.toFixed(0)} MB`,
      );
    }
  }
  return { title: scenario.title, rounds: taken };
}

function empty(root: string): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
}
