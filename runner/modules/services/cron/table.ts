import { isJob, lineBreakAtEnd, linesOf, sameValue, variable } from './line.ts';

/** A variable or a job of a crontab, by its name. */
export interface Entry {
  name: string;
  /** A variable instead of a job. */
  env: boolean;
  /** The line that it is to be; undefined: it is not to be there. */
  line: string | undefined;
  /** For a variable that is new: the variable that it goes behind or before; at the top where neither is given. */
  insertafter?: string | undefined;
  insertbefore?: string | undefined;
}

/** Ansible's own mark before a job, so that the jobs which Ansible made are found. */
const MARK = '#Ansible: ';

/** The line of the job or variable in the table's text; undefined where there is none. */
export function lineOf({ name, env }: Entry, text: string): string | undefined {
  const lines = linesOf(text);
  if (env) return lines.find(variable(name));
  const mark = lines.indexOf(MARK + name);
  return mark < 0 ? undefined : jobAfter(lines, mark);
}

/** The table with the job or variable as it is to be; whatever else it holds stays where it is. cron ignores a last line without a line break, so it gets one. */
export function withEntry(entry: Entry, text: string): string {
  const lines = linesOf(text);
  return lineBreakAtEnd(entry.env ? withVariable(entry, lines) : withJob(entry, lines));
}

/** The job of the mark at this index. It may have been deleted without its mark: then the next line is not its job. */
function jobAfter(lines: readonly string[], mark: number): string | undefined {
  const next = lines[mark + 1];
  return next !== undefined && !next.startsWith(MARK) && isJob(next) ? next : undefined;
}

/** Of several jobs of one name the first stays. A job without a mark that is exactly the wanted one gets the mark. */
function withJob({ name, line }: Entry, lines: readonly string[]): string[] {
  const wanted = line === undefined ? [] : [MARK + name, line];
  const adopted = lines.includes(MARK + name)
    ? -1
    : lines.findIndex((one, i) => one === line && !lines[i - 1]?.startsWith(MARK));
  const kept: string[] = [];
  let placed = false;
  for (let i = 0; i < lines.length; i++) {
    const marked = lines[i] === MARK + name;
    if (!marked && i !== adopted) {
      kept.push(lines[i] as string);
      continue;
    }
    if (marked && jobAfter(lines, i) !== undefined) i++;
    if (!placed) kept.push(...wanted);
    placed = true;
  }
  return placed ? kept : [...kept, ...wanted];
}

function withVariable({ name, line, insertafter, insertbefore }: Entry, lines: readonly string[]): string[] {
  const isIt = variable(name);
  const at = lines.findIndex(isIt);
  const others = lines.filter((one) => !isIt(one));
  if (line === undefined) return others;
  const found = lines[at];
  const place = at >= 0 ? at : placeFor(others, insertafter, insertbefore);
  return others.toSpliced(place, 0, found !== undefined && sameValue(found, line) ? found : line);
}

function placeFor(lines: readonly string[], insertafter: string | undefined, insertbefore: string | undefined): number {
  const neighbour = insertafter ?? insertbefore;
  if (neighbour === undefined) return 0;
  const at = lines.findLastIndex(variable(neighbour));
  return at < 0 ? lines.length : at + (insertafter === undefined ? 0 : 1);
}

/** The names of all jobs, and of all variables. */
export function namesOf(text: string): { jobs: string[]; envs: string[] } {
  const lines = linesOf(text);
  return {
    jobs: lines.filter((line) => line.startsWith(MARK)).map((line) => line.slice(MARK.length)),
    envs: lines.flatMap((line) => /^\s*([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? []),
  };
}
