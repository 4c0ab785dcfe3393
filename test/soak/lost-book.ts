import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a run is in the middle of, for whoever disturbs it. */
export type Phase = 'connecting' | 'probing' | 'putting' | 'commanding' | 'between';
export const PHASES: readonly Phase[] = ['connecting', 'probing', 'putting', 'commanding', 'between'];

/** A task of the playbook, and what it leaves on a host once it has ended well. */
export interface Part {
  name: string;
  phase: Phase;
  task: object;
  /** Lines of the host's log, each with how often it is there. */
  lines?: Readonly<Record<string, number>>;
  /** Files with the digest of their content. */
  files?: Readonly<Record<string, string>>;
  /** It may go on, or begin, when the host is gone: a job of the host's own. */
  detached?: true;
}

/** Where all is done on a host. */
export const DIR = '/srv/lost';
/** What `kept` holds before a run. */
export const OLD = digest('old\n');

const large = randomBytes(4_000_000);
const tree = Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`leaf${i}`, randomBytes(2_000)]));
const say = (line: string | number) => `echo ${line} >>${DIR}/log`;
const paths = (names: readonly string[]) => names.map((name) => `${DIR}/${name}`);

/** The playbook's tasks in their order; the last is a handler. A line of the log is a number that no other task writes. */
export const PARTS: readonly Part[] = [
  { name: 'log in', phase: 'connecting', task: { ping: {} } },
  { name: 'facts', phase: 'probing', task: { setup: {} } },
  { name: 'first', phase: 'commanding', task: { shell: say(1) }, lines: { 1: 1 } },
  {
    name: 'small',
    phase: 'putting',
    task: { copy: { content: 'small\n', dest: `${DIR}/small` }, notify: 'handler' },
    files: { small: digest('small\n') },
  },
  {
    name: 'several',
    phase: 'putting',
    task: { copy: { content: 'file {{item}}\n', dest: `${DIR}/several-{{item}}` }, loop: [1, 2] },
    files: Object.fromEntries([1, 2].map((n) => [`several-${n}`, digest(`file ${n}\n`)])),
  },
  {
    name: 'large',
    phase: 'putting',
    task: { copy: { src: 'large', dest: `${DIR}/large` } },
    files: { large: digest(large) },
  },
  {
    name: 'replaced',
    phase: 'putting',
    task: { copy: { content: 'new\n', dest: `${DIR}/kept` }, become: true },
    files: { kept: digest('new\n') },
  },
  { name: 'slow', phase: 'commanding', task: { shell: `sleep 2; ${say(2)}` }, lines: { 2: 1 } },
  { name: 'as root', phase: 'commanding', task: { shell: `sleep 0.3; ${say(3)}`, become: true }, lines: { 3: 1 } },
  {
    name: 'looked at',
    phase: 'probing',
    task: { stat: { path: '{{item}}' }, loop: paths(['small', 'large', 'kept', 'log']) },
  },
  {
    name: 'again and again',
    phase: 'commanding',
    task: { shell: `${say(4)}; test "$(grep -c '^4$' ${DIR}/log)" -ge 3`, retries: 4, delay: 0.5 },
    lines: { 4: 3 },
  },
  {
    name: 'one by one',
    phase: 'commanding',
    task: { shell: say('{{item}}'), loop: [5, 6, 7], loop_control: { pause: 0.3 } },
    lines: { 5: 1, 6: 1, 7: 1 },
  },
  { name: 'rest', phase: 'between', task: { pause: { seconds: 1.5 } } },
  {
    name: 'job',
    phase: 'commanding',
    task: { shell: `sleep 1; ${say(8)}`, async: 10, poll: 1 },
    lines: { 8: 1 },
    detached: true,
  },
  {
    name: 'started',
    phase: 'commanding',
    task: { shell: `sleep 1; ${say(9)}`, async: 10, poll: 0, register: 'job' },
    detached: true,
  },
  {
    name: 'waited for',
    phase: 'probing',
    task: {
      async_status: { jid: '{{job.ansible_job_id}}' },
      register: 'end',
      until: 'end.finished == 1',
      retries: 30,
      delay: 0.3,
    },
    lines: { 9: 1 },
  },
  {
    name: 'tree',
    phase: 'putting',
    task: { copy: { src: 'tree/', dest: `${DIR}/tree` } },
    files: Object.fromEntries(Object.entries(tree).map(([name, content]) => [`tree/${name}`, digest(content)])),
  },
  {
    name: 'line',
    phase: 'putting',
    task: { lineinfile: { path: `${DIR}/list`, line: 'one', create: true }, become: true },
    files: { list: digest('one\n') },
  },
  {
    name: 'fetched',
    phase: 'putting',
    task: { fetch: { src: `${DIR}/large`, dest: 'fetched/{{inventory_hostname}}', flat: true } },
  },
  { name: 'last', phase: 'commanding', task: { shell: say(10) }, lines: { 10: 1 } },
  { name: 'handler', phase: 'commanding', task: { shell: say(11) }, lines: { 11: 1 } },
];

/** Whether what a host left on the controller is whole. */
export const isFetched = (content: Buffer) => content.equals(large);

/** Writes the playbook and its files into a directory. `limit`: seconds that each task may take, 0 for any. */
export async function writeBook(dir: string, limit: number): Promise<string> {
  const all = PARTS.map(({ name, task }) => ({ name, ...task }));
  const play = {
    hosts: 'all',
    gather_facts: false,
    ...(limit && { timeout: limit }),
    tasks: all.slice(0, -1),
    handlers: all.slice(-1),
  };
  const book = join(dir, 'site.yml');
  await mkdir(join(dir, 'tree'), { recursive: true });
  await writeFile(book, JSON.stringify([play]));
  await writeFile(join(dir, 'large'), large);
  for (const [name, content] of Object.entries(tree)) await writeFile(join(dir, 'tree', name), content);
  return book;
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
