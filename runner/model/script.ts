/**
 * A piece of POSIX sh, ready to run. The only ways to make one are `sh`, `argv` and `raw`, so that every value that
 * went in has been quoted. `stdin` is what the script reads: the one safe road for secrets and for binary data.
 */
export interface Script {
  readonly text: string;
  readonly stdin?: Buffer | string;
  /** See {@link tame}. */
  readonly tame?: boolean;
  /**
   * For a tame script of which many are asked in fewer commands than one by one: `ask` makes the text from all that they
   * are `one` of; it prints for each what that would have printed, and a line of its end and its exit status.
   */
  readonly many?: { ask(all: readonly string[], ends: readonly string[]): string; one: string };
}

/** What may stand in an `sh` template: words are quoted, lists are quoted word by word, scripts go in as they are. */
export type Word = string | number | readonly (string | number)[] | Script | undefined | false;

/** Shell text that takes back, for a user's command within a script of xrun's own, the C locale that such scripts have. */
export const THEIR_LOCALE = 'case $_locale in x*) LC_ALL=${_locale#x};; *) unset LC_ALL;; esac';

/** Thrown by nothing else: a NUL can stand in no argument of a POSIX process. */
export class NulError extends Error {}

/** One word for sh, whatever it holds. Rejects NUL with {@link NulError}. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new NulError('a NUL character cannot be passed to a command');
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const DEAF = 'trap "" HUP INT PIPE TERM';

/**
 * Has the rest of a script do `command` at its end, whatever ends it but KILL: `exit` in the handlers of signals runs the
 * one of EXIT, which dash would not run without. PIPE is among them because the first word to a connection that was
 * lost is one. A second signal, as systemd sends one to what is left of a unit, ends neither the shell that cleans up nor
 * the programs that it starts for that.
 */
export function atExit(command: string): Script {
  return raw(`trap ${quote(`${DEAF};${command}`)} EXIT; trap '${DEAF};exit 143' HUP INT PIPE TERM`);
}

/**
 * sh`ip link set ${name} mtu ${mtu}`: every interpolated string becomes exactly one word; `undefined` and `false`
 * vanish.
 */
export function sh(parts: TemplateStringsArray, ...words: Word[]): Script {
  // JavaScript leaves out the whole part around an escape that it does not know, such as \1.
  if ((parts as readonly (string | undefined)[]).includes(undefined))
    throw new Error(
      `a script has an escape that JavaScript does not know; write \\\\ for a backslash: ${parts.raw.join('...')}`,
    );
  return { text: parts.map((part, i) => part + render(words[i])).join('') };
}

/** A command from its words: argv('docker', 'network', 'rm', name). */
export function argv(...words: Word[]): Script {
  return { text: words.map(render).filter(Boolean).join(' ') };
}

/** Shell text that its author takes responsibility for: the `shell` module, and constants. */
export function raw(text: string): Script {
  return { text };
}

/**
 * The same script, whose author promises that it only reads, and leaves its shell as it was: it never exits, changes no
 * directory, trap or option, sets only variables whose names begin with an underscore, and prints no NUL. Such scripts
 * share a subshell and a packet: see together in frame.ts. What one of them prints as an error, all receive. It is the body
 * of a function: `return` ends it, with the exit status that is returned.
 */
export function tame(script: Script): Script {
  return { ...script, text: `_tame() {\n${script.text}\n}\n_tame`, tame: true };
}

/** Scripts one after the other, each on lines of its own, stopping at the first that fails. */
export function sequence(...scripts: Script[]): Script {
  return { text: scripts.map((s) => `{ ${s.text}\n} || exit`).join('\n') };
}

/** One after the other until one fails, each in a subshell, so that it may exit. */
export function inTurn(scripts: readonly Script[]): Script {
  return { text: scripts.map(({ text }) => `(\n${text}\n)`).join(' || exit\n') };
}

/** The same script, reading `stdin`. */
export function withStdin(script: Script, stdin: Buffer | string): Script {
  return { ...script, stdin };
}

function render(word: Word): string {
  if (word === undefined || word === false) return '';
  if (typeof word === 'string') return quote(word);
  if (typeof word === 'number') return String(word);
  if (Array.isArray(word)) return (word as (string | number)[]).map((w) => quote(String(w))).join(' ');
  return (word as Script).text;
}
