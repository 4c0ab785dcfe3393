import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../runner/modules/path/file-state.ts';
import type { AnyModule, Decision, Result } from '../../runner/model/module.ts';
import { loadModule } from '../../runner/modules/registry.ts';
import { BUSYBOX_ALONE, LocalHost } from './local-host.ts';
import type { Flavour } from './local-host.ts';

const CONTENT = 'one\ntwo\0\n';
const PASSWORD = `p'"\\ ü$x`;

/** What every host has, and one client, whose words are noted beside the tools. */
const client = (name: string): string[] => [
  'sh',
  '-c',
  `for t in sh mktemp stat sha256sum sha512sum chmod chown chgrp mv rm sed grep base64 readlink date sync cat cp ls tar gzip od tr mkdir find xargs; do ln -s "$(command -v $t)" "$0/$t"; done
printf '#!/bin/sh\\nprintf "%%s " "$@" >> %s\\nexec %s "$@"\\n' "$0/words" "$(command -v ${name})" > "$0/${name}"; chmod 755 "$0/${name}"`,
];

const CLIENTS: Flavour[] = [
  { name: 'curl', shell: ['/bin/dash'], tools: client('curl'), alone: true },
  { name: 'wget', shell: ['/bin/bash'], tools: client('wget'), alone: true },
  BUSYBOX_ALONE,
];

let server: ChildProcess;
let base = '';

beforeAll(async () => {
  server = spawn(process.execPath, [fileURLToPath(new URL('../support/http-server.mjs', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(server.stdout!, 'data')) as [Buffer];
  base = `http://127.0.0.1:${port.toString().trim()}`;
});
afterAll(() => server.kill());

describe.each(CLIENTS)('with $name', (flavour) => {
  let host: LocalHost;
  beforeEach(() => {
    host = new LocalHost(flavour);
  });
  afterEach(() => host.close());

  /** Looks, does what is to be done, and returns the result of both. */
  async function perform(name: string, args: Record<string, unknown>): Promise<{ decision: Decision; result: Result }> {
    const module = (await loadModule(name)) as AnyModule;
    const parsed = module.args.parse(args) as never;
    const { state, decision } = host.look(module, parsed, {}, false);
    const own = 'result' in decision ? decision.result : {};
    if (decision.kind !== 'change' && decision.kind !== 'unknown') return { decision, result: own ?? {} };
    const ran = await host.apply(decision.steps);
    return { decision, result: { ...own, ...module.result?.(parsed, ran, state) } };
  }

  const words = () => {
    const file = join(host.directory, 'bin/words');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const sum = (algorithm: string) =>
    host.run({ text: `printf 'one\\ntwo\\0\\n' | ${algorithm}sum` }).stdout.split(' ')[0] as string;

  test('an archive is fetched and unpacked, mended and then left alone', async () => {
    const dest = join(host.directory, 'to');
    const args = {
      src: `${base}/archive`,
      remote_src: true,
      dest,
      checksum: '41054216207f97475caa0990ead14eda69ecad6d17b86e7e029190873f02fc62',
    };
    expect((await perform('unarchive', args)).decision.kind).toBe('change');
    expect(readFileSync(join(dest, 'app/x'), 'utf8')).toBe('one\n');
    expect((await perform('unarchive', args)).decision.kind).toBe('ok');
    writeFileSync(join(dest, 'app/x'), 'drifted');
    expect((await perform('unarchive', args)).decision.kind).toBe('change');
    expect(readFileSync(join(dest, 'app/x'), 'utf8')).toBe('one\n');
    expect(statSync(join(dest, 'app/x')).mode & 0o777).toBe(0o750);
    const wrong = { ...args, checksum: sha256(CONTENT) };
    expect((await perform('unarchive', wrong)).decision).toMatchObject({
      kind: 'fail',
      message: expect.stringMatching(/not what was meant/),
    });
  });

  test('a file is fetched, mended and then left alone', async () => {
    const dest = join(host.directory, "it's here\n.bin");
    const args = { url: `${base}/file`, dest, checksum: sha256(CONTENT), mode: '0640' };
    const made = await perform('get_url', args);
    expect(made.decision.kind).toBe('change');
    expect(readFileSync(dest, 'latin1')).toBe(CONTENT);
    expect(statSync(dest).mode & 0o777).toBe(0o640);
    expect((await perform('get_url', args)).decision.kind).toBe('ok');
    writeFileSync(dest, 'drifted');
    expect((await perform('get_url', args)).decision.kind).toBe('change');
    expect(readFileSync(dest, 'latin1')).toBe(CONTENT);
  });

  test('into a directory, by another checksum', async () => {
    const args = { url: `${base}/file%20one?x=1`, dest: `${host.directory}/`, checksum: `sha512:${sum('sha512')}` };
    expect((await perform('get_url', args)).decision.kind).toBe('change');
    expect(readFileSync(join(host.directory, 'file one'), 'latin1')).toBe(CONTENT);
    expect((await perform('get_url', args)).decision.kind).toBe('ok');
  });

  test('without a checksum, once, or by force where something else comes', async () => {
    const dest = join(host.directory, 'unverified');
    const args = { url: `${base}/file`, dest };
    expect((await perform('get_url', args)).decision.kind).toBe('change');
    expect((await perform('get_url', args)).decision.kind).toBe('ok');
    writeFileSync(dest, 'drifted');
    expect((await perform('get_url', args)).decision.kind).toBe('ok');
    await perform('get_url', { ...args, force: true });
    expect(readFileSync(dest, 'latin1')).toBe(CONTENT);
  });

  test('what is not meant, or is not there, leaves the old file and nothing beside it', async () => {
    const dest = join(host.directory, 'f');
    writeFileSync(dest, 'old');
    await expect(perform('get_url', { url: `${base}/file`, dest, checksum: '0'.repeat(64) })).rejects.toThrow(
      `instead of ${'0'.repeat(64)} its sha256 is ${sha256(CONTENT)}`,
    );
    await expect(perform('get_url', { url: `${base}/none`, dest, checksum: sha256(CONTENT) })).rejects.toThrow('404');
    await expect(
      perform('get_url', { url: 'http://127.0.0.1:9/none', dest, checksum: sha256(CONTENT) }),
    ).rejects.toThrow(/refused|connect/i);
    expect(readFileSync(dest, 'utf8')).toBe('old');
    expect(readdirSync(host.directory).filter((name) => name.startsWith('.xrun'))).toEqual([]);
  });

  test('what reads is asked at once', async () => {
    const got = await perform('uri', { url: `${base}/echo?a=b`, headers: { 'X-Note': 'a "b" \\c' } });
    expect(got.decision.kind).toBe('ok');
    expect(got.result).toMatchObject({
      status: 200,
      json: { method: 'GET', body: '', note: 'a "b" \\c' },
      x_made_by: 'test',
    });
    expect(got.result).not.toHaveProperty('content');
    expect((await perform('uri', { url: `${base}/file`, return_content: true })).result).toMatchObject({
      status: 200,
      content: CONTENT,
    });
    expect((await perform('uri', { url: `${base}/moved`, return_content: true })).result).toMatchObject({
      status: 200,
      content: CONTENT,
    });
  });

  test('nothing of what is sent ends or becomes what the client reads', async () => {
    const note = 'END $(touch ran) `touch ran` $HOME';
    const got = await perform('uri', { url: `${base}/echo?END`, headers: { 'X-Note': note } });
    expect(got.result).toMatchObject({ status: 200, json: { note } });
    expect(readdirSync(host.directory)).not.toContain('ran');
  });

  test('another status than the wanted ones', async () => {
    const busy = await perform('uri', { url: `${base}/busy` });
    expect(busy.decision).toMatchObject({ kind: 'fail', message: `${base}/busy answered 503; expected 200` });
    expect(busy.result).toMatchObject({ status: 503, failed: true });
    expect((await perform('uri', { url: `${base}/busy`, status_code: [200, 503] })).decision.kind).toBe('ok');
    expect((await perform('uri', { url: 'http://127.0.0.1:9/' })).result).toMatchObject({ status: -1, failed: true });
  });

  test('what changes something is a step', async () => {
    const posted = await perform('uri', {
      url: `${base}/echo`,
      method: 'POST',
      body_format: 'json',
      body: { a: 'ü\n"\'' },
    });
    expect(posted.decision.kind).toBe('unknown');
    expect(posted.result).toMatchObject({ status: 200, json: { method: 'POST', body: '{"a":"ü\\n\\"\'"}' } });
    expect((await perform('uri', { url: `${base}/busy`, method: 'POST' })).result).toMatchObject({
      status: 503,
      failed: true,
    });
  });

  const careful = flavour !== BUSYBOX_ALONE;
  if (careful)
    test('passwords and what is sent are no words of a command', async () => {
      const locked = { url: `${base}/locked`, url_username: 'me', url_password: PASSWORD };
      expect((await perform('uri', { ...locked, return_content: true })).result).toMatchObject({
        status: 200,
        content: CONTENT,
      });
      const dest = join(host.directory, 'f');
      await perform('get_url', { ...locked, dest, checksum: sha256(CONTENT) });
      expect(readFileSync(dest, 'latin1')).toBe(CONTENT);
      const put = await perform('uri', {
        url: `${base}/echo?token=abcd`,
        method: 'PUT',
        body: 'a\0b',
        headers: flavour.name === 'curl' ? { 'X-Note': 'hidden' } : {},
        body_format: 'raw',
      });
      expect(put.result).toMatchObject({
        json: { method: 'PUT', body: 'a\0b', note: flavour.name === 'curl' ? 'hidden' : null },
      });
      expect(await perform('uri', { url: `${base}/echo`, method: 'HEAD' })).toMatchObject({
        result: { status: 200, x_made_by: 'test' },
      });
      expect(words()).toContain('/dev/fd/5');
      for (const secret of [PASSWORD, 'hidden', 'abcd', 'me:', Buffer.from(`me:${PASSWORD}`).toString('base64')])
        expect(words()).not.toContain(secret);
    });

  if (flavour.name === 'wget')
    test('a secret header is refused', async () => {
      expect((await perform('uri', { url: base, headers: { Authorization: 'Bearer abcd' } })).result.msg).toContain(
        'would show the header Authorization',
      );
      expect(words()).not.toContain('abcd');
    });

  if (!careful)
    test('what it would do badly is refused', async () => {
      expect((await perform('uri', { url: base.replace('http://', 'http://me:word@') })).result.msg).toContain(
        'would show the password',
      );
      expect((await perform('uri', { url: 'https://127.0.0.1:9/' })).result.msg).toContain('verifies no certificates');
      expect((await perform('uri', { url: base, method: 'DELETE' })).result.msg).toContain('cannot DELETE');
    });
});
