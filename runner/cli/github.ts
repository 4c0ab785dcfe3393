import path from 'node:path';
import type { XrunError } from '../diagnostics/errors.ts';
import { annotationLines, annotationsOf } from '../reporters/github/annotations.ts';
import type { Annotation } from '../reporters/github/annotations.ts';
import type { GithubOptions } from '../reporters/github/github.ts';
import type { Io } from './io.ts';
import { noteLoss, outOf } from './out.ts';
import { outputFile } from './output-file.ts';

/** Whether xrun runs in an action of GitHub. */
export function inGithubAction(io: Io): boolean {
  return io.env.GITHUB_ACTIONS === 'true';
}

/** What the action gives: https://docs.github.com/actions/reference/workflows-and-actions/variables. */
export function githubOptions(io: Io): GithubOptions {
  const file = io.env.GITHUB_STEP_SUMMARY;
  return {
    relative: (of) => relative(of, io),
    ...(file && { summary: outputFile(file, io.cwd, (why) => noteLoss(io, file, why), 'a') }),
  };
}

/** Marks the lines of files that an error is about, where an action runs; on stderr, which is read as well. */
export function annotate(error: XrunError, io: Io, kind?: Annotation['kind']): void {
  if (!inGithubAction(io)) return;
  const lines = annotationLines(annotationsOf(error, kind), (file) => relative(file, io));
  outOf(io.stderr).write(`${lines.join('\n')}\n`);
}

/** A path of the repository, as annotations want it; one outside of it stays. */
function relative(file: string, io: Io): string {
  const workspace = io.env.GITHUB_WORKSPACE;
  if (!workspace) return file;
  const inside = path.relative(workspace, path.resolve(io.cwd, file));
  return inside.startsWith('..') || path.isAbsolute(inside) ? file : inside;
}
