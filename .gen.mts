import { readFileSync, writeFileSync, mkdtempSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { catalog } from './runner/modules/catalog.ts';
import { loadPlaybook } from './runner/playbook/load.ts';
import { validatePlaybooks } from './runner/playbook/validate.ts';
import { createRenderer } from './runner/vars/renderer.ts';
import { findLocal } from './runner/engine/local-files.ts';
import { XrunErrors } from './runner/errors.ts';
const line = ({ code, at, message }: any) => { if (!at) return `${code} - ${message}`; const f = at.file === 'playbook.yml' ? '' : `${at.file}:`; return `${code} ${f}${at.line}:${at.col}-${at.endCol} ${message}`; };
for (const f of process.argv.slice(2)) {
  const text = readFileSync(f, 'utf8');
  const cases = load(text) as any[];
  const blocks = text.split(/^(?=- name: )/m); const out = [blocks[0]];
  for (const [i, c] of cases.entries()) {
    const dir = mkdtempSync('/tmp/mal-');
    for (const [k, v] of Object.entries({ ...c.files, 'playbook.yml': c.text })) { mkdirSync(dirname(join(dir, k)), { recursive: true }); writeFileSync(join(dir, k), v as string); }
    const { checkTemplate, checkCondition } = createRenderer();
    const o = { modules: catalog, cwd: dir, checkTemplate, checkCondition };
    let errors: any[] = [];
    try { const p = await loadPlaybook('playbook.yml', o); errors = (await validatePlaybooks([p], { ...o, findLocal, tags: c.tags, variables: c.variables } as any)).errors; } catch (e) { if (e instanceof XrunErrors) errors = [...e.errors]; else throw e; }
    const q = (s: string) => `'${s.replaceAll("'", "''")}'`;
    out.push(blocks[i + 1]!.replace(/\n  expect:\n(    - .*\n)*/, '\n') + '  expect:\n' + errors.map(e => `    - ${q(line(e))}\n`).join(''));
  }
  writeFileSync(f, out.join(''));
}
