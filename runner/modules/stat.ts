import * as z from 'zod';
import { raw, sh, tame } from '../shell/script.ts';
import { defineModule } from './module.ts';

const args = z.strictObject({
  path: z.string().min(1).describe('What to look at.'),
  follow: z.boolean().default(false).describe('Look at what a link points to.'),
  get_checksum: z.boolean().default(true).describe('Read a file for its SHA-256 checksum.'),
});

/** The fields that Ansible's users read. */
type Stat = Record<string, unknown> & { exists: boolean };

const TYPES: Record<string, string> = { 'regular file': 'isreg', 'regular empty file': 'isreg', directory: 'isdir', 'symbolic link': 'islnk', fifo: 'isfifo', socket: 'issock', 'block special file': 'isblk', 'character special file': 'ischr' };

export default defineModule<typeof args, Stat>({
  name: 'stat',
  summary: 'Tell whether a file is there, and what it is',
  examples: `
- stat:
    path: /etc/docker/daemon.json
  register: daemon
`,
  args,
  probe: ({ path, follow, get_checksum }) =>
    tame(raw(`_p=${sh`${path}`.text}
if [ -e "$_p" ] || [ -L "$_p" ]; then
stat ${follow ? '-L ' : ''}-c '%F|%a|%u|%g|%U|%G|%s|%Y|%i' -- "$_p"
${get_checksum ? '[ -f "$_p" ] && sha256sum < "$_p"' : ''}
fi
:`)),
  parse({ stdout }, { path }) {
    const [line = '', sum] = stdout.split('\n');
    const [type, mode, uid, gid, user, group, size, mtime, inode] = line.split('|');
    if (!type) return { exists: false };
    const kinds = Object.fromEntries([...new Set(Object.values(TYPES))].map((kind) => [kind, TYPES[type] === kind]));
    return { exists: true, path, mode: mode?.padStart(4, '0'), uid: Number(uid), gid: Number(gid), pw_name: user, gr_name: group, size: Number(size), mtime: Number(mtime), inode: Number(inode), ...kinds, ...(sum && { checksum: sum.slice(0, 64) }) };
  },
  decide: (_args, state) => ({ kind: 'ok', result: { stat: state } }),
});
