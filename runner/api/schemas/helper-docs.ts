import { XrunError } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { builtInHelpers } from '../../language/templates/helpers/added.ts';
import type { Example, Helper } from '../../language/templates/helpers/helper.ts';
import { groups, helpers } from '../../language/templates/helpers/registry.ts';
import { helperUsage } from '../../language/templates/helpers/usage.ts';
import { openProject, refuseFaulty } from '../../plugins/project.ts';

/** A helper as its users read of it, drawn from the definition that runs it. */
export interface HelperDocs {
  name: string;
  /** The section of the documentation that it belongs to; `Plugins` for those of plugins. */
  group: string;
  /** `json value indent=`. */
  usage: string;
  summary: string;
  /** Named arguments with their meaning. */
  named: Record<string, string>;
  /** Conditions have an operator or a function of their own for it. */
  templatesOnly: boolean;
  example: Example;
}

/**
 * The helpers that somebody in `cwd` may use, by groups; of one name where it is given. Throws XrunError E_HELPER, and
 * what is wrong with plugins and configuration.
 */
export async function helperDocs(cwd: string, name?: string): Promise<HelperDocs[]> {
  refuseFaulty(await openProject({ playbooks: [], cwd, browse: true }));
  const all = groups.flatMap(({ title, helpers: each }) => each.map((helper) => docsOf(helper, title)));
  for (const helper of helpers.values()) if (!builtInHelpers.has(helper.name)) all.push(docsOf(helper, 'Plugins'));
  if (name === undefined) return all;
  const found = all.filter((helper) => helper.name === name);
  if (found.length > 0) return found;
  const hint = didYouMean(name, helpers.keys()) ?? '`xrun helpers` lists them all.';
  throw new XrunError('E_HELPER', `there is no helper '${name}'`, { hint });
}

function docsOf(helper: Helper, group: string): HelperDocs {
  const { name, summary, named = {}, templatesOnly = false, example } = helper;
  return { name, group, usage: helperUsage(helper), summary, named, templatesOnly, example };
}
