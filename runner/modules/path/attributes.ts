import type { Diff } from '../../model/events.ts';
import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';
import { beside, HOLD, INTO } from '../../connection/files/way.ts';
import { text } from '../../model/arguments/scalars.ts';
import type { Step } from '../../model/module.ts';
import { mode, resolveMode } from './mode.ts';
import type { FileState } from './file-state.ts';

/** Who may do what with a file; what is not given is not managed. Owner and group are names or numbers. */
export interface Attributes {
  mode?: string | undefined;
  owner?: string | undefined;
  group?: string | undefined;
}

/** The arguments by which tasks give {@link Attributes}; put them into a module's schema. */
export const attributeArgs = {
  mode: mode.optional().describe("Permissions: '0644', or symbolic as in 'u+rwx,g-w'."),
  owner: text.optional().describe('Name or number of the owning user.'),
  group: text.optional().describe('Name or number of the owning group.'),
};

/**
 * What differs between a file's attributes and the wanted ones, and the step that sets them. Never those of what a link
 * at `path` points to: who wants these names the link's target.
 */
export function attributeChange(
  path: string,
  wanted: Attributes,
  state: FileState,
): { diff: Diff[]; steps: Step[]; after: FileState } {
  const mode = wanted.mode && state.type !== 'link' && resolveMode(wanted.mode, state.mode, state.type === 'directory');
  const diff: Diff[] = [];
  const commands: Script[] = [];
  const after = { ...state };
  const differ = (attribute: 'mode' | 'owner' | 'group', value: string) => {
    diff.push({ what: `${path} ${attribute}`, before: state[attribute] ?? null, after: value });
    after[attribute] = value;
  };
  if (wanted.owner && !isUser(wanted.owner, state.owner, state.uid)) {
    differ('owner', wanted.owner);
    delete after.uid;
    commands.push(sh`chown -h -- ${wanted.owner} "$n"`);
  }
  if (wanted.group && !isUser(wanted.group, state.group, state.gid)) {
    differ('group', wanted.group);
    delete after.gid;
    commands.push(sh`chgrp -h -- ${wanted.group} "$n"`);
  }
  // After chown, which clears the set-id bits of a file; also where the task says nothing of its mode.
  const right = mode || (state.type === 'file' && state.mode) || '';
  if (mode && mode !== state.mode) differ('mode', mode);
  const sets = right !== '' && (right !== state.mode || (commands.length > 0 && Number.parseInt(right, 8) > 0o777));
  if (sets) commands.push(sh`_mode ${right} "$n"`);
  const script = { text: commands.map(({ text }) => text).join('&&') };
  if (keepsCapabilities(wanted, state)) script.text = `${CAPABILITIES}${script.text}&&${GIVEN_BACK}`;
  const steps: Step[] = commands.length === 0 ? [] : [{ do: 'run', script: beside(path, script, sets ? HOLD : INTO) }];
  return { diff, steps, after };
}

/**
 * chown and chgrp take a file's capabilities away. They are read before and given back, where nobody but root could have
 * put another file or another content in between.
 */
const CAPABILITIES = 'c=;_shut "$(id -u)" $(ls -ldn .)&&c=$(getcap "$n" 2>/dev/null);c=${c##* };';
const GIVEN_BACK = '{ [ -z "$c" ]||setcap "$c" "$n";}';

function keepsCapabilities({ owner, group }: Attributes, state: FileState): boolean {
  const gives = (owner && !isUser(owner, state.owner, state.uid)) || (group && !isUser(group, state.group, state.gid));
  const [bits, own] = [Number.parseInt(state.mode ?? '0', 8), owner ?? state.owner];
  const program = state.type === 'file' && (bits & 0o111) > 0 && (bits & 0o022) === 0;
  return Boolean(gives) && program && (own === 'root' || own === '0');
}

/** The same user or group: by number where the wanted one is a number, else by name. */
export function isUser(wanted: string, name: string | undefined, id: number | undefined): boolean {
  return wanted === name || (id !== undefined && wanted === String(id));
}
