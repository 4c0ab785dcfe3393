import { posix } from 'node:path';
import * as z from 'zod';
import { flag } from '../../model/arguments/scalars.ts';
import { attributeArgs } from '../path/attributes.ts';
import { decideContent } from '../path/content.ts';
import { destination, destinationPath, planElsewhere, resolveDestination } from '../path/destination.ts';
import type { Destination } from '../path/destination.ts';
import { probeFile } from '../path/probe.ts';
import { DIFF_LIMIT, fileResource, parseFile, sha256 } from '../path/file-state.ts';
import type { FileState } from '../path/file-state.ts';
import { validateScript } from '../path/validate.ts';
import { defineModule } from '../../model/module.ts';
import { FILE_RETURNS } from '../shared/returns.ts';

const args = z.strictObject({
  src: z
    .string()
    .min(1)
    .describe('The template, looked for in `templates/` of the role and beside the playbook; `.hbs` may be left out.'),
  dest: destination,
  ...attributeArgs,
  force: flag.default(true).describe('False: leave the content of a file that is there.'),
  backup: flag.default(false).describe('Keep the old content beside the new one.'),
  follow: flag
    .default(false)
    .describe('If `dest` is a link, write the file it points to; otherwise the link is replaced.'),
  validate: z
    .string()
    .optional()
    .describe('A command that must accept the new file before it takes the old one’s place; `%s` is its path.'),
});

type Args = z.output<typeof args>;

export default defineModule<typeof args, FileState>({
  name: 'template',
  summary: 'Write a file from a Handlebars template',
  examples: `
- name: Configure nginx
  template:
    src: nginx.conf.hbs
    dest: /etc/nginx/nginx.conf
    mode: '0644'
    validate: nginx -t -c %s
  notify: reload nginx
`,
  returns: FILE_RETURNS,
  args,
  local: { src: 'template' },
  resource: (args) => fileResource(destinationPath(placeOf(args))),
  probe(args, local) {
    const unless = sha256(local.src as Buffer);
    const { name } = placeOf(args);
    return probeFile(destinationPath(placeOf(args)), {
      follow: args.follow,
      checksum: true,
      content: DIFF_LIMIT,
      unless,
      ...(name && { into: name }),
    });
  },
  parse: parseFile,
  decide(args, found, context) {
    const { path, state, moved } = resolveDestination(placeOf(args), found, context);
    const wanted = { ...args, content: context.local.src as Buffer, validate: validateScript(args.validate) };
    const target = args.follow && state.real ? state.real : path;
    const decision = decideContent(target, wanted, state, context);
    if (moved) planElsewhere(decision, target);
    return decision;
  },
});

function placeOf({ dest, src }: Args): Destination {
  return { dest, name: posix.basename(src).replace(/\.(hbs|j2)$/, '') };
}
