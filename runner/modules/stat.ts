import * as z from 'zod';
import { raw, sh, tame } from '../shell/script.ts';
import { flag } from './arguments/scalars.ts';
import { STAT_FORMAT, STAT_LINE, statFields } from './files/stat-fields.ts';
import { defineModule } from './module.ts';

const ALGORITHMS = ['sha256', 'sha1', 'md5', 'sha224', 'sha384', 'sha512'] as const;

const args = z.strictObject({
  path: z.string().min(1).describe('What to look at.'),
  follow: flag.default(false).describe('Look at what a link points to.'),
  get_checksum: flag.default(true).describe('Read a file for its checksum.'),
  checksum_algorithm: z.enum(ALGORITHMS).default('sha256').describe('Which checksum.'),
  get_mime: flag.default(false).describe('Taken for Ansible’s sake: the type of a file’s content is not told.'),
  get_attributes: flag.default(false).describe('Taken for Ansible’s sake: attributes of the file system are not told.'),
});

/** The fields that Ansible's users read. */
type Stat = Record<string, unknown> & { exists: boolean };

export default defineModule<typeof args, Stat>({
  name: 'stat',
  summary: 'Tell whether a file is there, and what it is',
  examples: `
- stat:
    path: /etc/docker/daemon.json
  register: daemon
- debug:
    msg: "of {{daemon.stat.pw_name}}, {{daemon.stat.size}} bytes"
  when: daemon.stat.exists
`,
  args,
  probe: ({ path, follow, get_checksum, checksum_algorithm }) =>
    tame(raw(`_p=${sh`${path}`.text}
if [ -e "$_p" ] || [ -L "$_p" ]; then
stat ${follow ? '-L ' : ''}-c '${STAT_FORMAT}' -- "$_p"
_a=; for _t in r w x; do [ "-$_t" "$_p" ] && _a=$_a$_t; done; echo "$_a"
${get_checksum ? `[ -f "$_p" ] && { ${follow} || [ ! -L "$_p" ]; } && ${checksum_algorithm}sum < "$_p" || echo` : 'echo'}
${follow ? '' : '[ ! -L "$_p" ] || { readlink -- "$_p"; readlink -f -- "$_p"; }'}
fi
:`)),
  parse({ stdout }, { path }) {
    const [line = '', may = '', sum = '', target, source] = stdout.split('\n');
    const fields = new RegExp(STAT_LINE).exec(line)?.slice(1);
    if (!fields) return { exists: false };
    return {
      exists: true,
      path,
      ...statFields(fields),
      readable: may.includes('r'),
      writeable: may.includes('w'),
      executable: may.includes('x'),
      ...(sum && { checksum: sum.split(' ')[0] }),
      ...(target && { lnk_target: target, lnk_source: source }),
    };
  },
  decide: (_args, state) => ({ kind: 'ok', result: { stat: state } }),
});
