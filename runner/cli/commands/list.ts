import { formatPosition } from '../../diagnostics/errors.ts';
import { outline } from '../../api/index.ts';
import type { PlayOutline } from '../../api/index.ts';
import { plural } from '../../reporters/text/words.ts';
import { oneLine } from '../../diagnostics/clean.ts';
import { EXIT } from '../exit-code.ts';
import type { RunFlags } from '../options/flags.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { lookOptions } from '../options/run-options.ts';

/** `--list-hosts`, `--list-tasks` and `--list-tags`: what a run would do, without doing it. */
export async function listCommand(playbooks: string[], flags: RunFlags, io: Io): Promise<number> {
  const plays = await outline(await lookOptions(playbooks, flags, io));
  const lines = plays.flatMap((play) => [
    `play: ${play.name} (${play.pattern})  ${formatPosition(play.at)}`,
    ...(flags.listHosts ? hostLines(play) : []),
    ...(flags.listTasks ? taskLines(play) : []),
    ...(flags.listTags ? [`  tags: ${tagsOf(play).join(', ') || 'none'}`] : []),
  ]);
  outOf(io.stdout).write(lines.map((line) => `${oneLine(line)}\n`).join(''));
  return EXIT.ok;
}

function hostLines({ hosts }: PlayOutline): string[] {
  if (!hosts) return ['  hosts: known when the play begins'];
  return [`  ${plural(hosts.length, 'host')}${hosts.length > 0 ? ':' : ''}`, ...hosts.map((host) => `    ${host}`)];
}

function taskLines({ tasks }: PlayOutline): string[] {
  const width = Math.max(0, ...tasks.map(({ name }) => name.length));
  return tasks.map(({ name, module, tags, at }) => {
    const tagged = tags.length > 0 ? `  [${tags.join(', ')}]` : '';
    return `  ${name.padEnd(width)}  ${module}  ${formatPosition(at)}${tagged}`;
  });
}

function tagsOf({ tasks }: PlayOutline): string[] {
  return [...new Set(tasks.flatMap(({ tags }) => tags))].toSorted();
}
