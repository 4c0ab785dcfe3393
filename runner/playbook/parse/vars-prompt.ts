import { positionOf } from '../../language/yaml/positions.ts';
import { Fields, refuseUnknown } from '../keywords/fields.ts';
import { isMapping } from '../../diagnostics/found.ts';
import { promptKeywords } from '../keywords/keywords.ts';
import type { Loading } from './loading.ts';
import type { VarsPrompt } from '../../model/playbook.ts';

/** The variables that a play asks for. */
export function promptsOf(loading: Loading, play: Fields): VarsPrompt[] {
  return play
    .list('vars_prompt')
    .filter(isMapping)
    .flatMap((map) => {
      refuseUnknown(map, Object.keys(promptKeywords), "'vars_prompt'", loading.problems);
      const fields = new Fields(map, promptKeywords, loading.problems);
      const name = fields.text('name')?.value;
      if (name === undefined) loading.problems.add('E_PLAY', "an entry of 'vars_prompt' needs 'name'", positionOf(map));
      return name === undefined ? [] : [prompt(name, fields)];
    });
}

function prompt(name: string, fields: Fields): VarsPrompt {
  return {
    name,
    prompt: fields.text('prompt')?.value ?? name,
    ...(fields.has('default') && { default: fields.get('default') }),
    private: fields.flag('private') ?? true,
    confirm: fields.flag('confirm') ?? false,
  };
}
