import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Archives } from '../../runner/engine/run/archives.ts';
import { ownName } from '../../runner/controller/own-files.ts';
import unarchive from '../../runner/modules/files/unarchive.ts';
import { BUSYBOX_ALONE, FLAVOURS, LocalHost } from './local-host.ts';

/** What is wrong with an archive, and shell text that makes `bad` of it, in a directory with a file `x`; tools are GNU's. */
const BAD: [what: string, make: string, says: RegExp][] = [
  ['a name that leads out of the directory', 'mkdir d; cd d; tar -cPf ../bad ../x', /\.\.\/x.*(lead out|not safe)/s],
  ['an absolute name', 'tar -cPf bad "$PWD/x"', /lead out/],
  [
    'a name in a zip that leads out of the directory',
    'mkdir d; cd d; zip -q ../bad.zip ../x; mv ../bad.zip ../bad',
    /lead out/,
  ],
  [
    'a file behind a link to elsewhere',
    'mkdir d; mv x d; ln -s "$PWD/victim" x; tar -cf bad x; rm x; mv d x; tar -rf bad x/x',
    /damaged/,
  ],
  ['a tar that ends too soon', 'head -c 100000 /dev/urandom >> x; tar -czf all x; head -c 60000 all > bad', /damaged/],
  ['something else', 'echo hello > bad', /damaged/],
];

/** Busybox takes what leads out of such names away, without a word: then it goes where it does no harm. */
const MENDS = / name/;

describe.each([...FLAVOURS, BUSYBOX_ALONE])('with $name', (flavour) => {
  let host: LocalHost;
  let folder: string;
  beforeEach(() => {
    host = new LocalHost(flavour);
    folder = join(host.directory, 'made');
    mkdirSync(join(folder, 'victim'), { recursive: true });
    writeFileSync(join(folder, 'x'), 'one');
  });
  afterEach(() => host.close());

  test.each(BAD)('%s: nothing is written', (what, make, says) => {
    host.prepare(make, folder);
    const before = readdirSync(folder, { recursive: true });
    const args = unarchive.args.parse({ src: join(folder, 'bad'), remote_src: true, dest: join(folder, 'to') });
    const { decision } = host.look(unarchive as never, args as never, {}, false);
    if (!(flavour.name.startsWith('busybox') && MENDS.test(what)))
      expect(decision).toMatchObject({ kind: 'fail', message: expect.stringMatching(says) });
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });
});

test.each(BAD)('of the controller: %s', async (_what, make, says) => {
  const host = new LocalHost(FLAVOURS[0]!);
  const folder = join(host.directory, 'made');
  mkdirSync(join(folder, 'victim'), { recursive: true });
  writeFileSync(join(folder, 'x'), 'one');
  host.prepare(make, folder);
  const archives = new Archives(folder);
  await expect(archives.read(join(folder, 'bad'))).rejects.toThrow(says);
  await archives.close();
  expect(readdirSync(join(folder, 'victim'))).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.startsWith('xrun'))).toEqual([]);
  host.close();
});

test('what a killed run has unpacked is removed by the next, what a live one has is not', async () => {
  const host = new LocalHost(FLAVOURS[0]!);
  const live = ownName('xrun-archive-');
  const killed = live.replace(/[0-9a-f]{8}-$/, '01234567-');
  const kept = [`${live}a`, `${killed.replace(/[0-9a-f]{8}/, '89abcdef')}of-another-machine`, 'xrun-archive-somebody'];
  for (const name of [...kept, `${killed}b`]) mkdirSync(join(host.directory, name, 'tree'), { recursive: true });
  host.prepare('echo one >x; tar -cf all.tar x');
  const archives = new Archives(host.directory);
  await archives.read(join(host.directory, 'all.tar'));
  await archives.close();
  expect(
    readdirSync(host.directory)
      .filter((name) => name.startsWith('xrun-'))
      .toSorted(),
  ).toEqual(kept.toSorted());
  host.close();
});
