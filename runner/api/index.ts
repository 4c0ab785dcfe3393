import { load } from './load.ts';
import type { LoadedProject } from './load.ts';
import { checkKeyFiles, checkLogins } from './describe/logins.ts';
import { maskedError } from './masked.ts';
import { runLoaded } from '../engine/run/run.ts';
import type { RunOptions, RunSummary } from '../model/options/options.ts';

export type { ConnectionOptions, RunOptions, RunSummary } from '../model/options/options.ts';
export type { AdHocModule } from './ad-hoc.ts';
export { doctor } from './doctor/doctor.ts';
export type { Finding } from './doctor/finding.ts';
export { exec } from './exec.ts';
export type { ExecOptions, ExecTask } from './exec.ts';
export { explainVars } from './describe/explain.ts';
export type { ExplainedVar } from './describe/explain.ts';
export { dumpYaml } from '../language/yaml/dump.ts';
export { gatherFacts } from './facts.ts';
export type { GatheredFacts } from './facts.ts';
export { migrate } from './migrate.ts';
export type { Destination, Plan } from './migrate.ts';
export { helperDocs } from './schemas/helper-docs.ts';
export type { HelperDocs } from './schemas/helper-docs.ts';
export { inventoryData } from './describe/inventory-data.ts';
export type { InventoryData } from './describe/inventory-data.ts';
export { jsonSchema } from './schemas/json-schema.ts';
export type { Described } from './schemas/json-schema.ts';
export { moduleDocs } from './schemas/module-docs.ts';
export type { ArgumentDocs, ModuleDocs } from './schemas/module-docs.ts';
export { projectModules, projectReporters } from './schemas/project-docs.ts';
export { outline } from './describe/outline.ts';
export type { PlayOutline, TaskOutline } from './describe/outline.ts';
export { projectConfig } from '../plugins/project.ts';
export type { Config } from '../plugins/config/config.ts';
export { validate } from './validate.ts';
export type { Findings } from './validate.ts';
export { decryptText, encryptText, isEncrypted, vaultId } from './vault-file.ts';
export { parseVars } from './describe/vars-text.ts';

/**
 * Runs playbooks. Everything is read and checked first: XrunError or XrunErrors thrown from here mean that no host
 * was touched. What happens on hosts is never thrown, but passed to the reporters and counted in the summary.
 */
export async function run(options: RunOptions): Promise<RunSummary> {
  const loaded = await load(options);
  try {
    return await runChecked(loaded, options);
  } catch (error) {
    throw maskedError(error, loaded.secrets);
  }
}

async function runChecked(loaded: LoadedProject, asked: RunOptions): Promise<RunSummary> {
  const { inventories, limit } = loaded;
  const options = { ...asked, inventories, ...(limit !== undefined && { limit }) };
  checkLogins(loaded, options);
  await checkKeyFiles(loaded, options);
  for (const warning of loaded.warnings) {
    for (const reporter of options.reporters) {
      reporter.on({
        type: 'warning',
        message: warning.message,
        ...(warning.at && { at: warning.at }),
        ...(warning.hint && { hint: warning.hint }),
      });
    }
  }
  return runLoaded(loaded, options);
}
