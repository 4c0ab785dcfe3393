import * as z from 'zod';
import { raw, sh, tame } from '../../model/script.ts';
import { bytesOf } from '../../model/host-text.ts';
import { flag, rawPath } from '../../model/arguments/scalars.ts';
import { WORDS } from '../path/probe.ts';
import { STAT_FORMAT, STAT_LINE, statFields } from '../path/stat-fields.ts';
import { spoken } from '../path/file-state.ts';
import { defineModule } from '../../model/module.ts';

const ALGORITHMS = ['sha256', 'sha1', 'md5', 'sha224', 'sha384', 'sha512'] as const;
const DIGITS = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 };

const args = z.strictObject({
  path: rawPath.describe('What to look at.'),
  follow: flag.default(false).describe('Look at what a link points to.'),
  get_checksum: flag.default(true).describe('Read a file for its checksum.'),
  checksum_algorithm: z.enum(ALGORITHMS).default('sha256').describe('Which checksum.'),
  get_mime: flag
    .default(false)
    .describe(
      'Report `mimetype` and `charset` of the content, by the program `file`; `unknown` where the host has none, as in Ansible.',
    ),
  get_attributes: flag
    .default(false)
    .describe('Accepted for compatibility with Ansible: attributes of the file system are not reported.'),
});

/** The fields that Ansible's users read. */
type Stat = Record<string, unknown> & { exists: boolean };

export default defineModule<typeof args, Stat>({
  name: 'stat',
  summary: 'Report whether a file exists, and what it is',
  examples: `
- stat:
    path: /etc/docker/daemon.json
  register: daemon
- debug:
    msg: "of {{daemon.stat.pw_name}}, {{daemon.stat.size}} bytes"
  when: daemon.stat.exists
`,
  returns: { stat: '`exists`, and where it does: size, mode, owner, times, checksum, kind and more.' },
  args,
  probe: ({ path, follow, get_checksum, checksum_algorithm, get_mime }) =>
    tame(
      raw(`${WORDS}
_p=${sh`${path}`.text}
if [ -e "$_p" ]${follow ? '' : ' || [ -h "$_p" ]'}; then
_a=; for _t in r w x; do [ "-$_t" "$_p" ] && _a=$_a$_t; done; echo "may=$_a"
${follow ? '' : 'if [ -h "$_p" ]; then _link "$_p" && _say target "$_t" && _real "$_p" && _say real "$_f" || return; fi'}
${get_checksum ? `if [ -f "$_p" ] && [ -r "$_p" ]${follow ? '' : ' && [ ! -h "$_p" ]'}; then _h=$(${checksum_algorithm}sum <"$_p") || return; echo "sum=\${_h%% *}"; fi` : ''}
${get_mime ? `_h=$(command -v file >/dev/null && file ${follow ? '-L ' : ''}--brief --mime-type --mime-encoding -- "$_p") || _h=unknown; echo "mime=$_h"` : ''}
_s=$(stat ${follow ? '-L ' : ''}-c '${STAT_FORMAT}' -- "$_p") || return; printf 'stat=%s\\n' "$_s"
else echo stat=none; fi`),
    ),
  parse({ stdout }, { path, checksum_algorithm }) {
    const { stat, may = '', sum, target, real, mime } = spoken(stdout);
    if (stat === 'none') return { exists: false };
    const fields = new RegExp(`^${STAT_LINE}$`).exec(stat ?? '')?.slice(1);
    if (!fields) throw new Error(`stat printed '${stat ?? ''}'`);
    if (sum !== undefined && !(/^[0-9a-f]+$/.test(sum) && sum.length === DIGITS[checksum_algorithm]))
      throw new Error(`${checksum_algorithm}sum printed '${sum}'`);
    const found = statFields(fields);
    if (target !== undefined && found.size > 0 && !path.startsWith('/proc/') && bytesOf(target).length !== found.size)
      throw new Error('readlink did not print all of what the link holds');
    return {
      exists: true,
      path,
      ...found,
      readable: may.includes('r'),
      writeable: may.includes('w'),
      executable: may.includes('x'),
      ...(sum !== undefined && { checksum: sum }),
      ...(mime !== undefined && mimeOf(mime)),
      ...(target !== undefined && { lnk_target: target, lnk_source: real }),
    };
  },
  decide: (_args, state) => ({ kind: 'ok', result: { stat: state } }),
});

/** `text/plain; charset=us-ascii`; anything else that `file` says is not a type. */
function mimeOf(said: string): { mimetype: string; charset: string } {
  const [, mimetype = 'unknown', charset = 'unknown'] = /^([\w.+-]+\/[\w.+-]+); charset=(\S+)$/.exec(said) ?? [];
  return { mimetype, charset };
}
