import { readFileSync, mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { codeFrame } from './runner/report/code-frame.ts';
import { catalog } from './runner/modules/catalog.ts';
import { loadPlaybook } from './runner/playbook/load.ts';
import { validatePlaybooks } from './runner/playbook/validate.ts';
import { createRenderer } from './runner/vars/renderer.ts';
import { findLocal } from './runner/engine/local-files.ts';
import { XrunErrors } from './runner/errors.ts';
let n = 0;
for (const f of process.argv.slice(2)) for (const c of load(readFileSync(f, 'utf8')) as any[]) {
  n++;
  const dir = mkdtempSync('/tmp/mal-');
  const files = { ...c.files, 'playbook.yml': c.text };
  for (const [k, v] of Object.entries(files)) { mkdirSync(dirname(join(dir, k)), { recursive: true }); writeFileSync(join(dir, k), v as string); }
  const { checkTemplate, checkCondition } = createRenderer();
  const o = { modules: catalog, cwd: dir, checkTemplate, checkCondition };
  let errors: any[] = [];
  try { const p = await loadPlaybook('playbook.yml', o); const v = await validatePlaybooks([p], { ...o, findLocal, tags: c.tags, variables: c.variables } as any); errors = v.errors; } catch (e) { if (e instanceof XrunErrors) errors = [...e.errors]; else { console.log('BUG', c.name, e); continue; } }
  console.log(`## ${c.name}`);
  if (!errors.length) console.log('   NO ERROR');
  for (const e of errors) { console.log(`   ${e.code} ${e.at?.file}:${e.at?.line}:${e.at?.col}-${e.at?.endCol} ${e.message}${e.hint ? ' | ' + e.hint : ''}`); if (e.at) console.log((codeFrame((files as any)[e.at.file] ?? '', e.at, { color: false, context: 0 }) ?? 'NO FRAME').split('\n').map(l => '      ' + l).join('\n')); }
}
console.log(n);
