import { didYouMean, nearest } from '../../diagnostics/nearest.ts';
import type { AnyModule } from '../../model/module.ts';
import type { Position } from '../../diagnostics/errors.ts';
import { UnsafeText } from '../../language/yaml/faults/unsafe-text.ts';
import { VaultText } from '../../language/vault/vault-text.ts';
import { argumentNames } from './arguments.ts';
import { positionIn } from './fields.ts';
import { isMapping, isTemplate } from '../../diagnostics/found.ts';
import { issuesOf, valueAt } from '../../diagnostics/issue.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import { parseArguments } from '../../model/arguments/parse.ts';
import type { Problems } from '../../diagnostics/problems.ts';

/** A task's module call, as far as checking its arguments needs it. */
interface Called {
  written: string;
  /** The position of the module's name. */
  at: Position;
  args: Record<string, unknown>;
}

/**
 * Notes what the module's schema says against the arguments, as far as it can be known before templates are rendered.
 * Errors: E_ARGUMENT.
 */
export function checkArguments(call: Called, module: AnyModule, problems: Problems): void {
  const { args } = call;
  const advice = module.advice?.(args);
  if (advice !== undefined) problems.warn('E_ARGUMENT', `module '${call.written}': ${advice}`, call.at);
  const judged = new Set([...(module.conditions ?? []), ...(module.evaluates ?? [])]);
  const plain = Object.fromEntries(Object.entries(args).filter(([name]) => !judged.has(name)));
  const result = parse(module, plain);
  if (!result || result.success) return;
  const issues = issuesOf(result.error, plain);
  // One typing error is one error: `dets` for `dest` is unknown, and `dest` is missing.
  const meant = new Set(
    issues
      .filter((issue) => issue.unknownKey)
      .flatMap(({ path }) => nearest(String(path.at(-1)), argumentNames(module))),
  );
  for (const issue of issues) {
    const [first] = issue.path;
    if (issue.missing && issue.path.length === 1 && meant.has(String(first))) continue;
    if (judged.has(String(first)) || dependsOnTemplate(args, issue)) continue;
    note(call, module, issue, problems);
  }
}

function parse(module: AnyModule, args: unknown): ReturnType<AnyModule['args']['safeParse']> | undefined {
  try {
    // Code made for a schema pays off where many hosts use it, which is not here.
    return parseArguments(module.args, args, { jitless: true });
  } catch {
    // A transform that expects what a template will give later: the engine checks again when it knows the value.
    return undefined;
  }
}

/** Whether a template that is not rendered yet may put right what the issue says. */
function dependsOnTemplate(args: Record<string, unknown>, issue: Issue): boolean {
  if (issue.unknownKey)
    return issue.path.slice(0, -1).some((_, index) => isTemplate(valueAt(args, issue.path.slice(0, index + 1))));
  if (issue.missing) return false;
  if (isTemplate(issue.path[0])) return true;
  return holdsTemplate(valueAt(args, issue.path));
}

function holdsTemplate(value: unknown): boolean {
  if (isTemplate(value) || value instanceof VaultText || value instanceof UnsafeText) return true;
  if (Array.isArray(value)) return value.some(holdsTemplate);
  return isMapping(value) && Object.values(value).some(holdsTemplate);
}

function note(call: Called, module: AnyModule, issue: Issue, problems: Problems): void {
  const { written, at, args } = call;
  const name = issue.path.join('.');
  if (issue.unknownKey) {
    const known = issue.path.length === 1 ? argumentNames(module) : [];
    const hint =
      didYouMean(String(issue.path.at(-1)), known) ?? (known.length > 0 ? `It has ${known.join(', ')}.` : undefined);
    problems.add(
      'E_ARGUMENT',
      `module '${written}' has no argument '${name}'`,
      positionIn(args, issue.path, 'key') ?? at,
      hint,
    );
  } else if (issue.missing) {
    const place = issue.path.length > 1 ? positionIn(args, issue.path.slice(0, -1)) : undefined;
    problems.add('E_ARGUMENT', `module '${written}' needs the argument '${name}'`, place ?? at, issue.hint);
  } else if (name === '') problems.add('E_ARGUMENT', `module '${written}': ${issue.message}`, at, issue.hint);
  else
    problems.add(
      'E_ARGUMENT',
      `argument '${name}' of module '${written}': ${issue.message}`,
      positionIn(args, issue.path) ?? at,
      issue.hint,
    );
}
