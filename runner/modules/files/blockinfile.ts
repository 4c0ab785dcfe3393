import * as z from 'zod';
import { flag, text } from '../../model/arguments/scalars.ts';
import { PATH_MISSING, decideEdit, editArgs, editResource, hasPath, probeEdit } from './edits/edit.ts';
import { insertionIndex, placeProblem, splitLines, TextLines } from '../shared/lines.ts';
import { parseAnyFile } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';

const args = z
  .strictObject({
    ...editArgs,
    block: text.default('').describe('The lines; without any the block is removed. `content` is another word for it.'),
    content: text.optional().describe('The same as `block`.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether the block is there.'),
    marker: z
      .string()
      .default('# {mark} ANSIBLE MANAGED BLOCK')
      .describe('The lines around the block; `{mark}` becomes the words of marker_begin and marker_end.'),
    marker_begin: z.string().default('BEGIN').describe('The word in the line before the block.'),
    marker_end: z.string().default('END').describe('The word in the line after the block.'),
    insertafter: z.string().optional().describe('A new block goes after the last line that matches this, or EOF.'),
    insertbefore: z.string().optional().describe('A new block goes before the last line that matches this, or BOF.'),
    append_newline: flag.default(false).describe('An empty line behind the block, where something follows it.'),
    prepend_newline: flag.default(false).describe('An empty line before the block, where something precedes it.'),
    create: flag.default(false).describe('Make the file where it is missing.'),
  })
  .refine(hasPath, PATH_MISSING)
  .superRefine(({ marker, insertafter, insertbefore, marker_begin, marker_end }, issues) => {
    if (!marker.includes('{mark}'))
      issues.addIssue({
        code: 'custom',
        path: ['marker'],
        message: 'the marker needs {mark}, or begin and end are one',
      });
    for (const [name, value] of Object.entries({ marker, marker_begin, marker_end })) {
      if (/[\r\n]/.test(value))
        issues.addIssue({
          code: 'custom',
          path: [name],
          message: 'expected one line: a marker of several is not found again',
        });
    }
    if (marker_begin === marker_end)
      issues.addIssue({ code: 'custom', path: ['marker_end'], message: 'begin and end need different words' });
    if (insertafter !== undefined && insertbefore !== undefined)
      issues.addIssue({ code: 'custom', message: 'give either insertafter or insertbefore' });
    const problem = placeProblem(insertafter ?? insertbefore);
    if (problem)
      issues.addIssue({
        code: 'custom',
        path: [insertafter === undefined ? 'insertbefore' : 'insertafter'],
        message: problem,
      });
  });

type Args = z.output<typeof args>;

export default defineModule<typeof args, FileState>({
  name: 'blockinfile',
  summary: 'See to a block of lines in a file, between two marker lines',
  notes: ['Two blocks in one file need different markers.'],
  examples: `
- blockinfile:
    path: /etc/hosts
    block: |
      192.0.2.11 node1
      192.0.2.12 node2
`,
  args,
  resource: editResource,
  probe: probeEdit,
  parse: parseAnyFile,
  decide(args, state, context) {
    const block = args.content ?? args.block;
    const removes = args.state === 'absent' || block === '';
    let msg = '';
    const change = (text: string) => {
      const changed = withBlock(text, removes ? [] : splitLines(block).lines, args);
      msg =
        changed === text
          ? ''
          : removes
            ? 'Block removed'
            : new TextLines(text).lines.includes(args.marker.replace('{mark}', args.marker_begin))
              ? 'Block updated'
              : 'Block inserted';
      return changed;
    };
    return decideEdit(args, { removes, change, result: () => ({ msg }) }, state, context);
  },
});

function withBlock(text: string, block: string[], args: Args): string {
  const split = new TextLines(text);
  const { lines } = split;
  const [begin, end] = [args.marker_begin, args.marker_end].map((word) => args.marker.replace('{mark}', word)) as [
    string,
    string,
  ];
  const wanted = block.length === 0 ? [] : [begin, ...block, end];
  const last = lines.lastIndexOf(end);
  const first = lines.slice(0, last < 0 ? undefined : last).lastIndexOf(begin);
  // One marker without the other marks nothing.
  const found = first >= 0 && last >= 0;
  if (!found && wanted.length === 0) return text;
  const at = found ? first : insertionIndex(lines, args);
  const count = found ? last - first + 1 : 0;
  if (!same(lines.slice(at, at + count), wanted)) split.splice(at, count, wanted);
  if (wanted.length > 0 && args.append_newline && at + wanted.length < lines.length && lines[at + wanted.length] !== '')
    split.splice(at + wanted.length, 0, ['']);
  if (wanted.length > 0 && args.prepend_newline && at > 0 && lines[at - 1] !== '') split.splice(at, 0, ['']);
  return split.toString();
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, i) => line === other[i]);
}
