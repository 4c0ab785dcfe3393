import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeFile } from '../../runner/modules/path/probe.ts';
import { parseFile, sha256 } from '../../runner/modules/path/file-state.ts';
import { openShell } from '../../runner/connection/shell/open-shell.ts';
import { raw } from '../../runner/model/script.ts';

const SHELLS = ['/bin/dash', '/bin/bash', '/bin/busybox'];
const CUT = '-- the next --';
const NAMES = ['plain', "it's", 'a b', '$HOME', 'back\\slash', '`x`', 'two\nlines', '*', 'é', ' end '];

describe('files that are asked for together', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'xrun-many-'));
    for (const name of NAMES) writeFileSync(join(dir, name), `text of ${name}\n`);
    mkdirSync(join(dir, 'directory'));
    writeFileSync(join(dir, 'directory', 'plain'), 'inside\n');
    writeFileSync(join(dir, 'binary'), Buffer.from([0, 255, 10, 10]));
    writeFileSync(join(dir, 'empty'), '');
    symlinkSync('plain', join(dir, 'link'));
    symlinkSync('two\nlines', join(dir, 'link to lines'));
    symlinkSync('nowhere', join(dir, 'dangling'));
    symlinkSync('directory', join(dir, 'link to directory'));
    chmodSync(join(dir, 'plain'), 0o4750);
    mkdirSync(join(dir, 'options'));
    for (const name of ['--no-such-option', 'fine', '-Z']) writeFileSync(join(dir, 'options', name), `${name}\n`);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const probes = () => {
    const names = [
      ...NAMES,
      'absent',
      'no/parent',
      'directory',
      'binary',
      'empty',
      'link',
      'link to lines',
      'dangling',
      'link to directory',
      'plain/below',
    ];
    const kinds = [
      {},
      { follow: true },
      { checksum: true },
      { checksum: true, content: 1000 },
      { follow: true, checksum: true, content: 1000, into: 'plain', unless: sha256('text of plain\n') },
      { checksum: true, content: 5 },
    ];
    return names.flatMap((name) => kinds.map((kind) => probeFile(join(dir, name), kind)));
  };

  it('are told as if each had been asked for alone, by any sh', async () => {
    const shell = await openShell({
      name: 'local',
      connection: 'local',
      host: 'localhost',
      hostKeys: 'strict',
      connectTimeout: 10_000,
    });
    const all = probes();
    const together = await shell.batch(all);
    await shell.close();
    expect(together.map((outcome) => outcome.rc)).toEqual(all.map(() => 0));
    const apart = `${all.map((probe) => `(${probe.text}\n)`).join(`\necho ${CUT}\n`)}\n`;
    for (const path of SHELLS) {
      const args = path.endsWith('busybox') ? ['sh'] : [];
      const alone = execFileSync(path, [...args, '-s'], {
        input: apart,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      }).split(`${CUT}\n`);
      expect(together.map((outcome) => outcome.stdout.toString())).toEqual(alone);
    }
    const [plain] = together;
    expect(parseFile({ rc: 0, stdout: plain!.stdout.toString(), stderr: '' })).toMatchObject({
      type: 'file',
      mode: '4750',
      size: 14,
    });
  });

  it('are asked for one by one where that cannot be, and none is taken for another', async () => {
    const shell = await openShell({
      name: 'local',
      connection: 'local',
      host: 'localhost',
      hostKeys: 'strict',
      connectTimeout: 10_000,
    });
    const cd = raw(`cd ${join(dir, 'options')}`);
    // In this directory two of the names are options, which make stat fail for all of them.
    const probes = ['--no-such-option', 'fine', '-Z'].map((name) => ({ ...probeFile(name, { checksum: true }) }));
    const [, ...outcomes] = await shell.batch([{ ...cd, tame: true }, ...probes]);
    await shell.close();
    const states = outcomes.map((outcome) => outcome.stdout.toString());
    expect(states.map((text) => /^type=(.*)$/m.exec(text)?.[1])).toEqual(['file', 'file', 'file']);
    expect(parseFile({ rc: 0, stdout: states[1]!, stderr: '' })).toMatchObject({ size: 5, sha256: sha256('fine\n') });
    expect(outcomes.map((outcome) => outcome.rc === 0)).toEqual([false, true, false]);
  });
});
