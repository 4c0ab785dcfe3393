import type { ModuleCatalog } from '../../model/catalog.ts';
import { openProject, refuseFaulty } from '../../plugins/project.ts';
import type { ReporterDefinition } from '../../reporters/define.ts';

/** The modules available in `cwd`. Throws what is wrong with plugins and configuration. */
export async function projectModules(cwd: string): Promise<ModuleCatalog> {
  const project = await openProject({ playbooks: [], cwd, browse: true });
  refuseFaulty(project);
  return project.plugins.catalog;
}

/** The reporters that the plugins of a run define, by name. Throws what is wrong with plugins and configuration. */
export async function projectReporters(request: {
  playbooks: readonly string[];
  cwd: string;
}): Promise<ReadonlyMap<string, ReporterDefinition>> {
  const project = await openProject(request);
  refuseFaulty(project);
  return project.plugins.reporters;
}
