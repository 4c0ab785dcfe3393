import { createHash, randomBytes } from 'node:crypto';
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  lstatSync,
  readdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HostShell, Outcome, RunOptions } from '../../runner/model/transport/host-shell.ts';
import { quote, raw, sh, tame, withStdin } from '../../runner/model/script.ts';
import { textOf } from '../../runner/model/host-text.ts';
import { get } from '../support/get.ts';

/** Every byte but NUL and the quotes' own trouble-makers once more, twice over. */
const ALL_BYTES = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));

const plain = (outcome: Outcome) => ({
  reason: outcome.reason,
  rc: outcome.rc,
  stdout: outcome.stdout.toString('latin1'),
  stderr: outcome.stderr.toString('latin1'),
});
const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const temporaries = (directory: string) => readdirSync(directory).filter((name) => name.startsWith('.xrun'));
const exit = (rc: number, stdout = '', stderr = '') => ({ reason: 'exit', rc, stdout, stderr });

/** What every transport's shell has to do, with whatever `sh` the host has. */
export function shellContract(name: string, open: () => Promise<HostShell>): void {
  describe(name, () => {
    let shell: HostShell;
    let directory: string;
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'xrun-contract-'));
      shell = await open();
    });
    afterAll(async () => {
      await shell.close();
      rmSync(directory, { recursive: true, force: true });
    });
    const run = async (text: string, options?: RunOptions) => plain(await shell.run(raw(text), options));

    describe.each(['ours', 'theirs'] as const)('a script of %s', (trust) => {
      const cases: [string, string, ReturnType<typeof exit>][] = [
        ['keeps status, output and errors apart', 'echo out; echo err >&2; exit 3', exit(3, 'out\n', 'err\n')],
        ['need not end its output with a line end', 'printf a; printf b >&2', exit(0, 'a', 'b')],
        ['prints nothing', ':', exit(0)],
        ['exits in a subshell', '(exit 4); echo "$?"', exit(0, '4\n')],
        ['replaces itself', 'echo before; exec sh -c "echo inside; exit 5"', exit(5, 'before\ninside\n')],
        ['stops at its first error', 'set -e; echo a; false; echo b', exit(1, 'a\n')],
        ['reads stdin, where there is none', 'cat; read -r line; echo "[$line]"', exit(0, '[]\n')],
        ['has an exit trap', "trap 'echo bye' EXIT; echo hi; exit 6", exit(6, 'hi\nbye\n')],
        ['closes its descriptors', 'echo x; exec 0<&- 1>&- 2>&-; exit 7', exit(7, 'x\n')],
        ['prints bytes that are no UTF-8', String.raw`printf '\377\376\200a\000b'`, exit(0, '\xff\xfe\x80a\0b')],
        [
          'defines functions and aliases',
          'cd() { exit 9; }; alias echo=false; kill() { :; }; printf ok',
          exit(0, 'ok'),
        ],
        ['sees a status of 255', 'exit 255', exit(255)],
        [
          'holds quotes, dollars and backslashes',
          String.raw`printf '%s\n' "it's" '$HOME' '\n' "a\\b"`,
          exit(0, "it's\n$HOME\n\\n\na\\b\n"),
        ],
        ['ends in a comment', 'echo x # no more', exit(0, 'x\n')],
        ['holds a here-document', 'cat <<EOF\n$((1+1))\nEOF', exit(0, '2\n')],
        ['sets a field separator and options', 'IFS=0123456789; set -fu; set -o noglob; echo x', exit(0, 'x\n')],
        ['masks what it makes', 'umask 0; echo x', exit(0, 'x\n')],
        ['sends its output elsewhere for good', 'exec >/dev/null 2>&1; echo hidden; echo hidden >&2; exit 9', exit(9)],
        [
          'sets traps, and takes them back',
          "trap 'echo no' EXIT; trap '' TERM HUP; trap - EXIT; echo x",
          exit(0, 'x\n'),
        ],
        ['has a trap in a subshell', "(trap 'echo in' EXIT; exit 4); echo $?", exit(0, 'in\n4\n')],
        [
          'prints what looks like a marker',
          'echo 0123456789abcdef0123456789abcdef0xe 0; echo 0123456789abcdef0123456789abcdef0xe >&2; exit 3',
          exit(3, '0123456789abcdef0123456789abcdef0xe 0\n', '0123456789abcdef0123456789abcdef0xe\n'),
        ],
        [
          'breaks off in the middle of a character',
          String.raw`printf '\303'; printf '\342\202' >&2`,
          exit(0, '\xc3', '\xe2\x82'),
        ],
        ['prints carriage returns and escapes', String.raw`printf 'a\r\n\033[2Jb\b'`, exit(0, 'a\r\n\x1b[2Jb\b')],
      ];
      it.each(cases)('%s', async (_what, text, expected) => {
        expect(await run(text, { trust })).toEqual(expected);
        expect(await run('echo "still $((40+2))"; pwd >/dev/null', { trust })).toEqual(exit(0, 'still 42\n'));
      });

      it('becomes something that is not there', async () => {
        const outcome = await run('echo before; exec /nonexistent/program; echo no', { trust });
        expect(outcome).toMatchObject({ reason: 'exit', rc: 127, stdout: 'before\n' });
        expect(await run('echo fine', { trust })).toEqual(exit(0, 'fine\n'));
      });

      it('prints a line that is longer than any buffer', async () => {
        const outcome = await run("dd if=/dev/zero bs=1000 count=3000 2>/dev/null | tr '\\000' a; exit 5", { trust });
        expect(outcome).toEqual(exit(5, 'a'.repeat(3_000_000)));
      });

      it('leaves a daemon behind, which lives on', async () => {
        const [go, gone] = [join(directory, `go-${trust}`), join(directory, `gone-${trust}`)];
        const daemon = `(while [ ! -e ${go} ]; do sleep 0.05; done; echo done >${gone}) </dev/null >/dev/null 2>&1 &`;
        expect(await run(`${daemon} echo begun`, { trust })).toEqual(exit(0, 'begun\n'));
        expect(await run('echo fine', { trust })).toEqual(exit(0, 'fine\n'));
        writeFileSync(go, '');
        await expect.poll(() => readdirSync(directory), { timeout: 60_000 }).toContain(`gone-${trust}`);
      });

      it('is confined: directory, variables, options and umask are as before', async () => {
        const state = 'pwd; umask; echo "$- [$leak]"';
        const before = await run(state, { trust });
        await run('cd /; umask 0; set -e -u -f; leak=1; export leak', { trust });
        expect(await run(state, { trust })).toEqual(before);
      });

      it('may be wrong shell text', async () => {
        for (const text of ['echo a; )', "echo 'unclosed", 'if true', 'cat <<X']) {
          const outcome = await run(text, { trust });
          expect(outcome.reason).toBe('exit');
        }
        expect(await run('echo fine', { trust })).toEqual(exit(0, 'fine\n'));
      });

      it('gets any byte on stdin', async () => {
        for (const stdin of [ALL_BYTES, 'no line end', 'line\n', "EOF\n'\n\\\n$HOME\n", '\n', 'é\n']) {
          const outcome = await shell.run(withStdin(raw('cat'), stdin), { trust });
          expect(outcome.stdout).toEqual(Buffer.from(stdin as string));
          expect(outcome.rc).toBe(0);
        }
      });

      it('need not read its stdin', async () => {
        expect(plain(await shell.run(withStdin(raw('echo x; exit 3'), randomBytes(200_000)), { trust }))).toEqual(
          exit(3, 'x\n'),
        );
        expect(plain(await shell.run(withStdin(raw('exit 4'), `${'a line\n'.repeat(30_000)}`), { trust }))).toEqual(
          exit(4),
        );
      });

      it('holds any character but NUL', async () => {
        const text = Buffer.from(ALL_BYTES.subarray(1, 256)).toString('latin1');
        const outcome = await shell.run(sh`printf %s ${text}`, { trust });
        expect(outcome.stdout.toString()).toBe(text);
      });

      it('may be long', async () => {
        const text = `: ${quote('x'.repeat(300_000))}\necho done; exit 2`;
        expect(await run(text, { trust })).toEqual(exit(2, 'done\n'));
      });

      it('has a directory and variables of its own', async () => {
        const options: RunOptions = { trust, cwd: directory, env: { A: "it's\n$HOME", B: '' } };
        expect(await run('pwd; printf "%s|%s|" "$A" "${B-unset}"', options)).toEqual(
          exit(0, `${directory}\nit's\n$HOME||`),
        );
        const wrong = await run('echo no', { trust, cwd: '/nonexistent' });
        expect(wrong.rc).toBeGreaterThan(0);
        expect(wrong.stdout).toBe('');
        expect(wrong.stderr).toContain('/nonexistent');
      });

      it('ends by a signal', async () => {
        expect(await run('sh -c "kill -9 \\$\\$"; exit $?', { trust })).toMatchObject({ reason: 'exit', rc: 137 });
      });

      it('is stopped when its time is up, with all that it started', async () => {
        const nap = `7.${randomBytes(4).readUInt32BE(0)}`;
        const text = `echo begun; trap '' TERM; (sleep ${nap}) & sleep ${nap}`;
        const outcome = await shell.run(raw(text), { trust, timeoutMs: 200 });
        expect(outcome).toMatchObject({ reason: 'timeout', rc: null });
        expect(outcome.stdout.toString()).toBe('begun\n');
        expect(await run('echo fine', { trust })).toEqual(exit(0, 'fine\n'));
        const left = async () => (await run(`ps -eo args | grep -c "[s]leep ${nap}"`)).stdout;
        await expect.poll(left, { timeout: 60_000 }).toBe('0\n');
      });

      it('can be cancelled, before and while it runs', async () => {
        const abort = new AbortController();
        const running = shell.run(raw('echo a; sleep 10'), {
          trust,
          timeoutMs: 60_000,
          signal: abort.signal,
          onOutput: () => abort.abort(),
        });
        const waiting = shell.run(raw('echo b'), { trust, signal: abort.signal });
        expect(plain(await running)).toMatchObject({ reason: 'cancelled', rc: null, stdout: 'a\n' });
        expect(await waiting).toMatchObject({ reason: 'cancelled', rc: null });
        expect(await run('echo c', { trust })).toEqual(exit(0, 'c\n'));
      });

      it('streams its output', async () => {
        const seen: string[] = [];
        const go = join(directory, `streamed-${trust}`);
        const outcome = await run(`echo 1; echo e1 >&2; while [ ! -e ${go} ]; do sleep 0.05; done; echo 2`, {
          trust,
          onOutput(stream, chunk) {
            seen.push(`${stream}:${chunk.toString()}`);
            writeFileSync(go, '');
          },
        });
        expect(outcome).toEqual(exit(0, '1\n2\n', 'e1\n'));
        expect(seen.at(-1)).toContain('2\n');
      });
    });

    it('gives their scripts a process of their own', async () => {
      expect(await run('kill -9 $$', { trust: 'theirs' })).toEqual(exit(137));
      expect(await run('trap "echo caught; exit 8" TERM; kill $$; sleep 1; echo no', { trust: 'theirs' })).toEqual(
        exit(8, 'caught\n'),
      );
      expect(await run('kill -TERM 0', { trust: 'theirs' })).toEqual(exit(143));
      expect(await run('echo fine')).toEqual(exit(0, 'fine\n'));
    });

    it('keeps what their background processes print out of later outcomes', async () => {
      expect(await run('(sleep 0.2; echo late; echo late >&2) & echo now', { trust: 'theirs' })).toEqual(
        exit(0, 'now\n'),
      );
      expect(await run('sleep 0.4; echo later')).toEqual(exit(0, 'later\n'));
    });

    it('is not taken in by look-alikes of its own markers', async () => {
      const text = 'set; ps -eo args 2>/dev/null; cat /proc/$$/environ /proc/$PPID/environ 2>/dev/null; exit 11';
      for (const trust of ['ours', 'theirs'] as const) {
        const outcome = await shell.run(raw(text), { trust });
        expect(outcome.rc).toBe(11);
        const again = await shell.run(withStdin(raw('cat; exit 12'), outcome.stdout), { trust });
        expect(again.rc).toBe(12);
        expect(again.stdout.equals(outcome.stdout)).toBe(true);
      }
    });

    it('lets no task forge its end with what it can read of its shell', async () => {
      const text = `for f in /proc/$$/environ /proc/$$/cmdline /proc/$PPID/environ /proc/$PPID/cmdline; do tr '\\0' '\\n' <$f; done 2>/dev/null |
grep -o '[0-9a-f]\\{32\\}[0-9]*x*[a-z]*' | while read -r m; do for e in "$m" "\${m%[a-z]}e" "\${m}e"; do echo "$e 0 1"; echo "$e" >&2; done; done; exit 7`;
      expect((await shell.run(raw(text), { trust: 'theirs' })).rc).toBe(7);
      expect((await shell.run(raw('exit 8'), { trust: 'theirs' })).rc).toBe(8);
    });

    it('runs its own scripts in the C locale, and not those of others', async () => {
      expect(await run('echo $LC_ALL')).toEqual(exit(0, 'C\n'));
      expect((await shell.batch([tame(raw('echo $LC_ALL'))]))[0]?.stdout.toString().trim()).toBe('C');
      expect(await run('echo $LC_ALL', { trust: 'theirs', env: { LC_ALL: 'C.UTF-8' } })).toEqual(exit(0, 'C.UTF-8\n'));
    });

    it('sends bytes that are no UTF-8 as they came', async () => {
      const name = textOf(Buffer.from([0x63, 0xe9, 0xc3, 0xa9]));
      expect((await shell.run(sh`printf %s ${name} | od -An -tx1`)).stdout.toString()).toBe(' 63 e9 c3 a9\n');
    });

    it('gives up a script that only reads when its time is up', async () => {
      const [stuck, next] = await shell.batch([raw('sleep 30'), raw('echo fine')], { patienceMs: 300 });
      expect(stuck).toMatchObject({ reason: 'timeout', rc: null });
      expect(['lost', 'exit']).toContain(next?.reason);
      expect(await run('echo fine')).toEqual(exit(0, 'fine\n'));
    });

    it('bounds what it keeps of long output, and streams all of it', async () => {
      let streamed = 0;
      const outcome = await shell.run(
        raw('echo head; dd if=/dev/zero bs=65536 count=3200 2>/dev/null; echo tail; exit 13'),
        {
          trust: 'theirs',
          onOutput: (_stream, chunk) => {
            streamed += chunk.length;
          },
        },
      );
      expect(outcome.rc).toBe(13);
      expect(streamed).toBe(5 + 3200 * 65536 + 5);
      expect(outcome.stdout.length).toBeLessThan(17 * 1024 * 1024);
      expect(outcome.stdout.subarray(0, 5).toString()).toBe('head\n');
      expect(outcome.stdout.subarray(-5).toString()).toBe('tail\n');
      expect(outcome.stdout.includes(`[xrun left out ${streamed - 16 * 1024 * 1024} bytes here]`)).toBe(true);
    });

    it('runs scripts in the order of the calls', async () => {
      const file = join(directory, 'order');
      await Promise.all([1, 2, 3, 4, 5].map((i) => shell.run(raw(`sleep 0.0$((6-${i})); echo ${i} >>${file}`))));
      expect(readFileSync(file, 'utf8')).toBe('1\n2\n3\n4\n5\n');
    });

    it('runs a batch in one go, each with its own outcome', async () => {
      const outcomes = await shell.batch([
        raw('echo 1'),
        raw('exit 2'),
        raw('echo 3; )'),
        withStdin(raw('cat'), ALL_BYTES),
        raw('printf 5'),
      ]);
      expect(outcomes.map((o) => o.rc)).toEqual([0, 2, expect.any(Number), 0, 0]);
      expect(outcomes.map((o) => o.stdout.toString('latin1'))).toEqual([
        '1\n',
        '',
        '',
        ALL_BYTES.toString('latin1'),
        '5',
      ]);
    });

    it('goes on with a batch behind a script that took too long', async () => {
      const outcomes = await shell.batch([raw('echo 1'), raw('sleep 30'), raw('echo 3')], { timeoutMs: 1500 });
      expect(outcomes.map((o) => o.reason)).toEqual(['exit', 'timeout', 'exit']);
      expect(outcomes[2]?.stdout.toString()).toBe('3\n');
    });

    describe('put and get', () => {
      const put = (path: string, content: Buffer | string, more = {}) =>
        shell.put({ path: join(directory, path), content: Buffer.from(content), ...more });

      it('carries any bytes, of any size', async () => {
        for (const content of [
          Buffer.alloc(0),
          ALL_BYTES,
          Buffer.from('text\n'),
          randomBytes(32_769),
          randomBytes(2 * 65_536),
          randomBytes(3_000_000),
        ]) {
          expect(plain(await put('bytes', content))).toEqual(exit(0));
          expect(readFileSync(join(directory, 'bytes')).equals(content)).toBe(true);
          expect((await get(shell, join(directory, 'bytes'))).equals(content)).toBe(true);
        }
        expect(temporaries(directory)).toEqual([]);
      });

      it('carries a file of the controller', async () => {
        const path = join(directory, 'local');
        const content = randomBytes(2_500_000);
        writeFileSync(path, content);
        const file = { path, size: content.length, sha256: hashOf(content), mode: '0644' };
        const sent: number[] = [];
        expect(
          plain(
            await shell.put(
              { path: join(directory, 'copy'), content: file, mode: '0600' },
              { onSent: (bytes) => sent.push(bytes) },
            ),
          ),
        ).toEqual(exit(0));
        expect(sent.length).toBeGreaterThan(1);
        expect(sent).toEqual(sent.toSorted((a, b) => a - b));
        expect(sent.at(-1)).toBe(content.length);
        expect(readFileSync(join(directory, 'copy')).equals(content)).toBe(true);
        expect(statSync(join(directory, 'copy')).mode & 0o7777).toBe(0o600);
        const broken = await shell.put({
          path: join(directory, 'copy2'),
          content: { ...file, sha256: '0'.repeat(64) },
        });
        expect(broken.rc).not.toBe(0);
        expect(readdirSync(directory).filter((name) => name.startsWith('.xrun') || name === 'copy2')).toEqual([]);
      });

      it('takes nothing but what was promised, though the file grows or shrinks meanwhile', async () => {
        const path = join(directory, 'moving');
        const content = randomBytes(500_000);
        const file = { path, size: content.length, sha256: hashOf(content), mode: '0644' };
        writeFileSync(path, Buffer.concat([content, Buffer.from('\nexit 3\n')]));
        expect(plain(await shell.put({ path: join(directory, 'moved'), content: file }))).toEqual(exit(0));
        expect(readFileSync(join(directory, 'moved')).equals(content)).toBe(true);
        writeFileSync(path, content.subarray(0, 400_000));
        await expect(shell.put({ path: join(directory, 'moved'), content: file })).rejects.toMatchObject({
          code: 'E_LOCAL_FILE',
          message: expect.stringContaining('100000 bytes shorter'),
        });
        expect(await run('echo on')).toEqual(exit(0, 'on\n'));
        expect(readFileSync(join(directory, 'moved')).equals(content)).toBe(true);
        await vi.waitFor(() => expect(temporaries(directory)).toEqual([]), 5000);
      });

      it('refuses a small file that is not any more what it was read as', async () => {
        const path = join(directory, 'small');
        writeFileSync(path, 'new\n');
        await expect(
          shell.put({
            path: join(directory, 'taken'),
            content: { path, size: 4, sha256: hashOf(Buffer.from('old\n')), mode: '0644' },
          }),
        ).rejects.toMatchObject({ code: 'E_LOCAL_FILE' });
        expect(readdirSync(directory)).not.toContain('taken');
      });

      it('leaves the old file and no other when it is stopped half-way', async () => {
        await put('kept', 'old');
        const abort = new AbortController();
        const path = join(directory, 'endless');
        writeFileSync(path, randomBytes(8_000_000));
        const content = { path, size: 8_000_000, sha256: '0'.repeat(64), mode: '0644' };
        const outcome = await shell.put(
          { path: join(directory, 'kept'), content },
          { signal: abort.signal, timeoutMs: 60_000, onSent: () => abort.abort() },
        );
        expect(outcome).toMatchObject({ reason: 'cancelled', rc: null });
        await vi.waitFor(() => expect(temporaries(directory)).toEqual([]), 5000);
        expect(readFileSync(join(directory, 'kept'), 'utf8')).toBe('old');
        expect(await run('echo on')).toEqual(exit(0, 'on\n'));
      });

      it('sets the mode, keeps that of a file that was there, and follows the umask for a new one', async () => {
        const mode = (name: string) => (statSync(join(directory, name)).mode & 0o7777).toString(8);
        await put('mode', 'a', { mode: '4751' });
        expect(mode('mode')).toBe('4751');
        await put('mode', 'b');
        expect(mode('mode')).toBe('4751');
        const umask = Number.parseInt((await run('umask')).stdout, 8);
        await put('fresh', 'c');
        expect(mode('fresh')).toBe((0o666 & ~umask).toString(8));
      });

      it('replaces a symbolic link and leaves what it pointed to', async () => {
        writeFileSync(join(directory, 'real'), 'old');
        symlinkSync('real', join(directory, 'link'));
        expect(plain(await put('link', 'new'))).toEqual(exit(0));
        expect(lstatSync(join(directory, 'link')).isSymbolicLink()).toBe(false);
        expect(readFileSync(join(directory, 'real'), 'utf8')).toBe('old');
      });

      it('leaves the old file where the new one does not validate', async () => {
        await put('conf', 'good\n');
        const refused = await put('conf', 'bad\n', {
          validate: raw('grep good "$1" || { echo "no good" >&2; exit 3; }'),
        });
        expect(refused).toMatchObject({ reason: 'exit', rc: 3 });
        expect(refused.stderr.toString()).toContain('no good');
        expect(readFileSync(join(directory, 'conf'), 'utf8')).toBe('good\n');
        expect((await put('conf', 'good 2\n', { validate: raw('grep good "$1"'), backup: true })).rc).toBe(0);
        const names = readdirSync(directory).filter((name) => name.startsWith('conf'));
        expect(names).toHaveLength(2);
        expect(names.some((name) => /^conf\.\d{8}T\d{6}~$/.test(name))).toBe(true);
      });

      it('says what is wrong', async () => {
        expect((await put('no/such/dir', 'x')).stderr.toString()).toMatch(/no\/such/);
        expect((await shell.put({ path: directory, content: Buffer.from('x') })).stderr.toString()).toContain(
          'is a directory',
        );
        expect(await shell.get(join(directory, 'absent'), () => {})).toMatchObject({
          reason: 'exit',
          rc: expect.not.toBeOneOf([0]),
        });
      });

      it('takes odd names', async () => {
        const name = "it's $HOME; `x` é\n-";
        expect(plain(await put(name, 'odd'))).toEqual(exit(0));
        expect((await get(shell, join(directory, name))).toString()).toBe('odd');
      });
    });

    it('logs in afresh when told to', async () => {
      await shell.reconnect({ timeoutMs: 10_000 });
      expect(await run('echo back')).toEqual(exit(0, 'back\n'));
    });
  });
}
