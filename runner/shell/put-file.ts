import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { RunScripts } from './host.ts';
import type { Outcome, PutFile, RunOptions } from './host-shell.ts';
import { quote, raw, withStdin } from './script.ts';
import type { Script } from './script.ts';

type PutOptions = Pick<RunOptions, 'become' | 'timeoutMs' | 'signal'>;

/**
 * Places a file: a new file beside the target gets the content, owner and mode, is checked and flushed, and is renamed
 * over the target. A symbolic link at the target is replaced, as Ansible's copy does; what it points to is not touched.
 * Nobody ever sees half a file, and a failure leaves the old one.
 */
export async function putFile(file: PutFile, _options: PutOptions, run: RunScripts): Promise<Outcome> {
  const content = Buffer.isBuffer(file.content) ? file.content : await readFile(file.content.path);
  const [outcome] = await run([withStdin(putScript(file, content), content)], {});
  return outcome as Outcome;
}

function putScript(file: PutFile, content: Buffer): Script {
  const sum = createHash('sha256').update(content).digest('hex');
  const temporary = posix.join(posix.dirname(file.path), `.xrun-${randomBytes(8).toString('hex')}`);
  return raw(
    [
      `p=${quote(file.path)};t=${quote(temporary)}`,
      REFUSE_DIRECTORY,
      CREATE,
      'cat >&5 && exec 5>&- || exit',
      checkSum(sum),
      ...finish(file),
    ].join('\n'),
  );
}

const REFUSE_DIRECTORY = '[ ! -d "$p" ] || { echo "$p is a directory" >&2;exit 1;}';
/** With noclobber the new file is certainly ours, whoever else may write to the directory. */
const CREATE = `trap 'rm -f -- "$t"' EXIT;trap 'exit 143' HUP INT TERM
m=$(umask);umask 077;set -C;exec 5>"$t" || exit;set +C;umask "$m"`;
/** Owner before mode, since chown clears the set-id bits. An owner that may not be given away is not worth a failure. */
const KEEP = `if [ -e "$p" ];then o=$(stat -L -c %u:%g -- "$p") && chown "$o" -- "$t" 2>/dev/null
m=$(stat -L -c %a -- "$p") && chmod "$m" -- "$t" || exit;else chmod =rw -- "$t" || exit;fi`;

function checkSum(sum: string): string {
  return `if command -v sha256sum >/dev/null 2>&1;then s=$(sha256sum <"$t");[ "\${s%% *}" = ${sum} ] || {
echo "the content of $t was damaged on its way" >&2;exit 1;};fi`;
}

function finish(file: PutFile): string[] {
  const owner = `${file.owner ?? ''}${file.group === undefined ? '' : `:${file.group}`}`;
  return [
    KEEP,
    ...(owner ? [`chown ${quote(owner)} -- "$t" || exit`] : []),
    ...(file.mode === undefined ? [] : [`chmod ${quote(file.mode)} -- "$t" || exit`]),
    ...(file.validate ? [`(set -- "$t"\n${file.validate.text}\n) || exit`] : []),
    'sync -- "$t" 2>/dev/null || sync',
    ...(file.backup ? ['[ ! -e "$p" ] || cp -p -- "$p" "$p.$(date +%Y%m%dT%H%M%S)~" || exit'] : []),
    'mv -f -- "$t" "$p" || exit',
    'trap - EXIT',
  ];
}
