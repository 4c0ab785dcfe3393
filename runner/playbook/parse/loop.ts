import { Fields, refuseUnknown } from '../keywords/fields.ts';
import { found, isMapping, isTemplate } from '../../diagnostics/found.ts';
import { loopControlKeywords } from '../keywords/keywords.ts';
import { loopForms } from '../../language/templates/loop-forms.ts';
import type { Problems } from '../../diagnostics/problems.ts';
import type { Loop } from '../../model/playbook.ts';

/** The ways to write a loop. */
export const loopKeywords = ['loop', ...Object.keys(loopForms).map((name) => `with_${name}`)];

/** The loop of a task, block or include, however it is written. */
export function loopOf(fields: Fields, problems: Problems): Loop | undefined {
  const [form, second] = loopKeywords.filter((name) => fields.has(name));
  if (second)
    problems.add(
      'E_KEYWORD',
      `'${form}' and '${second}' in one task`,
      fields.keyAt(second),
      'Keep one of them, or loop over a block around the task.',
    );
  if (!form) {
    if (fields.has('loop_control'))
      problems.warn('W_KEYWORD', "'loop_control' without a loop does nothing", fields.keyAt('loop_control'));
    return undefined;
  }
  const value = fields.get(form);
  const items = { value, at: fields.at(form) };
  if (form !== 'loop') return { items, form: form.slice('with_'.length), ...control(fields, problems) };
  if (Array.isArray(value) || isMapping(value) || isTemplate(value)) return { items, ...control(fields, problems) };
  problems.add(
    'E_TYPE',
    `'${form}': found ${found(value)}, expected a list, a mapping or a template`,
    fields.at(form),
    hintFor(value),
  );
  return undefined;
}

function control(fields: Fields, problems: Problems): Omit<Loop, 'items'> {
  const map = fields.get('loop_control');
  if (!isMapping(map)) return { loopVar: 'item' };
  refuseUnknown(map, Object.keys(loopControlKeywords), 'loop_control', problems);
  const names = new Fields(map, loopControlKeywords, problems);
  const indexVar = names.text('index_var')?.value;
  const label = names.raw('label');
  const pause = names.raw('pause');
  const bare = names.flag('extended_allitems') === false;
  return {
    loopVar: names.text('loop_var')?.value ?? 'item',
    ...(indexVar && { indexVar }),
    ...(label && { label }),
    ...(pause && { pause }),
    ...(bare && { withoutAllItems: true as const }),
  };
}

function hintFor(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z_][\w.]*$/.test(value)
    ? `For the variable write \`"{{${value}}}"\`.`
    : undefined;
}
