import { XrunError } from '../../diagnostics/errors.ts';
import type { Play, Raw, VarsLayer } from '../../model/playbook.ts';
import { varsFilePlaces } from '../../playbook/parse/play.ts';
import { isFile } from '../../playbook/parse/role-files.ts';
import { readVars } from '../task/engine-tasks.ts';
import type { Run } from '../run/run-state.ts';

/**
 * Adds what a play's variables are besides its own: its vars_files in order, then what was asked for. Files whose
 * names differ by host (`{{inventory_hostname}}.yml`) count for that host.
 */
export async function readPlayVars(run: Run, play: Play, hosts: readonly string[]): Promise<void> {
  for (const file of play.varsFiles) {
    if (!JSON.stringify(file.value).includes('{{')) {
      run.vars.addPlayVars(await readLayer(run, play, file, file.value));
      continue;
    }
    for (const host of hosts) {
      const names = run.renderer.render(file.value, run.vars.scopeFor(host), file.at) as string | string[];
      run.vars.addPlayVars(await readLayer(run, play, file, names), host);
    }
  }
  const asked = await ask(run, play);
  if (asked) run.vars.addPlayVars(asked);
}

/** One file, or the first that exists of several. */
async function readLayer(run: Run, play: Play, raw: Raw, names: string | string[]): Promise<VarsLayer> {
  const candidates = varsFilePlaces([names].flat(), play.dir);
  const file = candidates.find(isFile);
  if (file !== undefined) return { origin: `vars_files ${file}`, vars: await readVars(run, file) };
  throw new XrunError('E_LOCAL_FILE', `vars_files: ${candidates.join(', ')} does not exist`, { at: raw.at });
}

async function ask(run: Run, play: Play): Promise<VarsLayer | undefined> {
  const vars: Record<string, unknown> = {};
  for (const prompt of play.varsPrompt) {
    if (
      run.vars
        .scopeFor('localhost')
        .candidates(prompt.name)
        .some((c) => c.layer === 'extra')
    )
      continue;
    if (!run.options.prompt && prompt.default === undefined) {
      throw new XrunError('E_PROMPT', `the play asks for '${prompt.name}', and stdin is not a terminal`, {
        at: play.at,
        hint: `Give it with \`-e ${prompt.name}=...\`.`,
      });
    }
    const answer = run.options.prompt ? await run.options.prompt(prompt) : '';
    vars[prompt.name] = answer === '' && prompt.default !== undefined ? prompt.default : answer;
    // A default is in the playbook for all to read.
    if (prompt.private && answer !== '' && answer !== String(prompt.default)) run.secrets.add(answer);
  }
  return Object.keys(vars).length ? { origin: 'vars_prompt', vars } : undefined;
}
