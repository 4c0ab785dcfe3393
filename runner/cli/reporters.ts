import { randomUUID } from 'node:crypto';
import type { Reporter } from '../model/events.ts';
import { Folding } from '../reporters/folding.ts';
import { JsonlReporter } from '../reporters/jsonl.ts';
import type { RunStamp } from '../reporters/jsonl.ts';
import type { ReportOptions, Sink } from '../reporters/options.ts';
import type { OutputFlags, OutputName } from './options/flags.ts';
import { frames } from './prompts/frame.ts';
import type { Io } from './io.ts';
import { noteLoss, outOf } from './out.ts';
import { outputFile } from './output-file.ts';
import { columnsOf, wantsColor } from './terminal.ts';

/** What was asked for; else `github` in its actions, `live` on a terminal, `plain` anywhere else. */
export function outputName(flags: OutputFlags & { step?: boolean }, io: Io): OutputName {
  if (flags.output) return flags.output;
  // Questions between the tasks need lines that stay where they are.
  if (flags.step) return 'plain';
  if (io.env.GITHUB_ACTIONS === 'true') return 'github';
  if (flags.quiet) return 'plain';
  return io.stdout.isTTY && io.env.TERM !== 'dumb' ? 'live' : 'plain';
}

/** Distinguishes the lines of one run from those of others. */
export function runStamp(io: Io): RunStamp {
  return { run_id: randomUUID(), version: io.version ?? '' };
}

/** How reporters on stdout show things. */
export function reportOptions(flags: OutputFlags & { diff?: boolean }, io: Io): ReportOptions {
  const color = wantsColor(io, io.stdout, flags.color);
  return {
    color,
    verbosity: flags.verbose,
    quiet: flags.quiet ?? false,
    diff: flags.diff ?? false,
    columns: columnsOf(io.stdout),
    frame: frames(io.cwd, color),
  };
}

/** What was asked for: one on stdout, and one for each file. Each is loaded only where it is used. */
export async function reporters(
  playbooks: readonly string[],
  flags: OutputFlags & { diff?: boolean; step?: boolean },
  io: Io,
): Promise<Reporter[]> {
  const stamp = runStamp(io);
  const options = reportOptions(flags, io);
  const name = outputName(flags, io);
  const shown = await onStdout(name, io, options, { playbooks, stamp });
  const inFiles = await fileReporters(flags, io, stamp);
  // Who asks for more, or is asked before each task, sees each task.
  const whole = (name !== 'live' && name !== 'plain' && name !== 'github') || flags.verbose > 0 || flags.step;
  return [whole ? shown : new Folding(shown), ...inFiles];
}

/** The reporters that write files. */
export async function fileReporters(flags: OutputFlags, io: Io, stamp: RunStamp): Promise<Reporter[]> {
  const kinds: [string[], (out: Sink) => Promise<Reporter> | Reporter][] = [
    [flags.jsonl, (out) => new JsonlReporter(out, { ...stamp, results: flags.verbose > 0 })],
    [flags.junit, async (out) => new (await import('../reporters/junit.ts')).JunitReporter(out)],
    [
      flags.report,
      async (out) =>
        new (await import('../reporters/html/html.ts')).HtmlReporter(out, { frame: frames(io.cwd, false) }),
    ],
  ];
  return Promise.all(kinds.flatMap(([names, make]) => names.map((name) => intoFile(name, io, make))));
}

/** The reporter of one kind, on stdout; a plugin's where the kind is none of xrun's. Throws E_OUTPUT_KIND. */
export async function onStdout(
  name: OutputName,
  io: Io,
  options: ReportOptions,
  { playbooks, stamp }: { playbooks: readonly string[]; stamp: RunStamp },
): Promise<Reporter> {
  const out = outOf(io.stdout);
  switch (name) {
    case 'jsonl':
      return new JsonlReporter(out, { ...stamp, results: options.verbosity > 0 });
    case 'live': {
      const { LiveReporter } = await import('../reporters/live/live.ts');
      const screen = {
        write: out.write,
        // A terminal may be resized while it is drawn on.
        get columns() {
          return io.stdout.columns;
        },
        get rows() {
          return io.stdout.rows;
        },
      };
      return new LiveReporter(screen, options);
    }
    case 'github': {
      const { GithubReporter } = await import('../reporters/github/github.ts');
      return new GithubReporter(out, options, (await import('./github.ts')).githubOptions(io));
    }
    case 'plain': {
      const { PlainReporter } = await import('../reporters/plain.ts');
      return new PlainReporter(out, options);
    }
    default:
      return (await import('./plugin-reporter.ts')).pluginReporter(name, io, options, playbooks);
  }
}

/** The reporter on a file that is closed when the reporter has written all. */
async function intoFile(name: string, io: Io, make: (out: Sink) => Promise<Reporter> | Reporter): Promise<Reporter> {
  const lost = (why: Error) => noteLoss(io, name, why);
  const file = outputFile(name, io.cwd, lost);
  const reporter = await make(file);
  return {
    on: (event) => reporter.on(event),
    close: async () => {
      // A report may be too long for one text.
      await Promise.resolve(reporter.close?.()).catch(lost);
      file.close();
    },
  };
}
