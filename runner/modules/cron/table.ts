import { insertionIndex, joinLines, splitLines } from '../edits/lines.ts';

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

const variable = (name: string) => new RegExp(`^\\s*${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*=`);

/** The line of the job or variable in the table's text; undefined where there is none. */
export function lineOf({ name, env }: Entry, text: string): string | undefined {
  const { lines } = splitLines(text);
  if (env) return lines.find((line) => variable(name).test(line));
  const mark = lines.indexOf(MARK + name);
  return mark < 0 ? undefined : (lines[mark + 1] ?? '');
}

/** The table with the job or variable as it is to be; whatever else it holds stays where it is. */
export function withEntry(entry: Entry, text: string): string {
  const { lines, ending } = splitLines(text);
  return joinLines({ lines: entry.env ? withVariable(entry, lines) : withJob(entry, lines), ending });
}

/** Several jobs of one name are one too many: the first stays. */
function withJob({ name, line }: Entry, lines: string[]): string[] {
  const wanted = line === undefined ? [] : [MARK + name, line];
  const kept: string[] = [];
  let placed = false;
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] !== MARK + name) kept.push(lines[i] as string);
    else {
      i++;
      if (!placed) kept.push(...wanted);
      placed = true;
    }
  }
  return placed ? kept : [...kept, ...wanted];
}

function withVariable({ name, line, insertafter, insertbefore }: Entry, lines: string[]): string[] {
  const at = lines.findIndex((one) => variable(name).test(one));
  const others = lines.filter((one) => !variable(name).test(one));
  if (line === undefined) return others;
  const neighbour = insertafter ?? insertbefore;
  const place = { ...(insertafter !== undefined && { insertafter: variable(insertafter).source }), ...(insertbefore !== undefined && { insertbefore: variable(insertbefore).source }) };
  others.splice(at >= 0 ? at : neighbour === undefined ? 0 : insertionIndex(others, place), 0, line);
  return others;
}

/** The names of all jobs, and of all variables. */
export function namesOf(text: string): { jobs: string[]; envs: string[] } {
  const { lines } = splitLines(text);
  return {
    jobs: lines.filter((line) => line.startsWith(MARK)).map((line) => line.slice(MARK.length)),
    envs: lines.flatMap((line) => /^\s*([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? []),
  };
}
