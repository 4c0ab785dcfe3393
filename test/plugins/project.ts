import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatPosition } from '../../runner/diagnostics/errors.ts';
import { validate } from '../../runner/api/index.ts';

/** What a test may put into a project: a module that is whole, and what it begins with. */
export const HEAD = `import { defineModule, path, sh, tame, z } from 'xrun/module';
const args = z.strictObject({ to: path.describe('The file.'), name: z.string().describe('Who.') });
`;
export const moduleText = (name: string, more = '') => `${HEAD}
interface State { text: string }
export default defineModule({ name: '${name}', summary: 'Keep a greeting', examples: '- ${name}: {to: /x, name: you}', args,
  probe: ({ to }) => tame(sh\`cat \${to}\`),
  parse: ({ stdout }): State => ({ text: stdout }),
  decide: ({ name }, { text }: State) => text === name ? { kind: 'ok' } : { kind: 'change', diff: [], steps: [] },
  ${more}
});
`;
export const helperText = (name: string, run = '([text]) => `${text}!`') => `import { defineHelper } from 'xrun/helper';
export default defineHelper({ name: '${name}', args: 'text', summary: 'Loud', example: { template: '{{${name} "a"}}', result: 'a!' }, run: ${run} });
`;

/** A directory with these files, until the callback ends. */
export async function inProject<T>(files: Record<string, string>, work: (cwd: string) => Promise<T>): Promise<T> {
  const cwd = mkdtempSync(join(tmpdir(), 'xrun-project-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), text);
    }
    chmodSync(cwd, 0o755);
    return await work(cwd);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** What a check of site.yml says: `CODE place message`, with the directory as DIR. */
export async function told(
  files: Record<string, string>,
  playbook = 'site.yml',
  before: (cwd: string) => void = () => undefined,
): Promise<string[]> {
  return inProject(files, async (cwd) => {
    before(cwd);
    const { errors } = await validate({ playbooks: [playbook], inventories: [], cwd });
    return errors.map(({ code, message, at }) =>
      `${code} ${at ? formatPosition(at) : ''} ${message}`.replaceAll(cwd, 'DIR'),
    );
  });
}

/** A playbook of these tasks. */
export const site = (...tasks: string[]) =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;
