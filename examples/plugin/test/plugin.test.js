import assert from 'node:assert/strict';
import test from 'node:test';
import { LocalHost, callHelper, moduleCases, readCases } from 'xrun/testing';
import { acmeMajor, acmeRelease, dots } from '../index.js';

for (const { title, run } of moduleCases(acmeRelease, readCases(new URL('acme-release.cases.yml', import.meta.url)))) test(title, run);

test('acme_release on the file system of this machine: a check, the change, and right afterwards', async () => {
  const host = new LocalHost();
  try {
    host.prepare('mkdir -p releases/1.4.2');
    const args = acmeRelease.args.parse({ path: host.directory, version: '1.4.2' });
    const { decision } = host.look(acmeRelease, args, {}, true);
    assert.equal(decision.kind, 'change');
    await host.apply(decision.steps);
    assert.equal(host.look(acmeRelease, args, {}, false).decision.kind, 'ok');
  } finally {
    host.close();
  }
});

test('acmeMajor', () => {
  assert.equal(callHelper(acmeMajor, ['v12.0.1']), 12);
  assert.throws(() => callHelper(acmeMajor, ['latest']), /wants a version such as 1.4.2, found "latest"/);
});

test('dots: a character for each task, and what failed', () => {
  let text = '';
  const reporter = dots.create({ write: (part) => (text += part) }, { color: false, verbosity: 0, diff: false, columns: 80 });
  const end = { type: 'task_end', id: '1', task: 'Deploy', module: 'acme_release', at: { file: 'site.yml', line: 1, col: 1 }, duration_ms: 1 };
  reporter.on({ ...end, host: 'web1', status: 'changed' });
  reporter.on({ ...end, host: 'web2', status: 'failed', error: { code: 'E_MODULE_FAILED', message: 'no\u001b[31m room' } });
  reporter.on({ type: 'run_end', stats: {}, duration_ms: 2, interrupted: false });
  assert.match(text, /^\+F\nDeploy on web2: no[^\u001b]* room\n$/);
});
