import { load } from './index/load.ts';
import type { LoadedProject } from './index/load.ts';
import { checkKeyFiles, checkLogins } from './index/logins.ts';
import { maskedError } from './index/masked.ts';
import { runLoaded } from './engine/run.ts';
import type { RunOptions, RunSummary } from './engine/options.ts';

export type { ConnectionOptions, RunOptions, RunSummary } from './engine/options.ts';
export { exec } from './index/exec.ts';
export type { ExecOptions } from './index/exec.ts';
export { explainVars } from './index/explain.ts';
export type { ExplainedVar } from './index/explain.ts';
export { inventoryData } from './index/inventory-data.ts';
export type { InventoryData } from './index/inventory-data.ts';
export { jsonSchema } from './index/json-schema.ts';
export { moduleDocs } from './index/module-docs.ts';
export type { ArgumentDocs, ModuleDocs } from './index/module-docs.ts';
export { projectModules, projectReporters } from './index/project-docs.ts';
export { outline } from './index/outline.ts';
export type { PlayOutline, TaskOutline } from './index/outline.ts';
export { validate } from './index/validate.ts';
export type { Findings } from './index/validate.ts';
export { decryptText, encryptText, isEncrypted, vaultId } from './index/vault-file.ts';
export { parseVars } from './index/vars-text.ts';

/**
 * Runs playbooks. Everything is read and checked first: XrunError or XrunErrors thrown from here mean that no host
 * was touched. What happens on hosts is never thrown, but told to the reporters and counted in the summary.
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
  const options = { ...asked, inventories: loaded.inventories };
  checkLogins(loaded, options);
  await checkKeyFiles(loaded, options);
  for (const warning of loaded.warnings) {
    for (const reporter of options.reporters) {
      reporter.on({ type: 'warning', message: warning.message, ...(warning.at && { at: warning.at }), ...(warning.hint && { hint: warning.hint }) });
    }
  }
  return runLoaded(loaded, options);
}
