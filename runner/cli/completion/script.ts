import { script } from '@bomb.sh/tab';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * What the library's script for bash lacks: it may be read twice in one shell, the words of the line are not run when
 * they are completed (`$(...)`), and files are completed where xrun has nothing to offer.
 */
const FOR_BASH = [
  ['readonly ShellComp', 'ShellComp'],
  ['${words[@]:1}"', '$(printf \'%q \' "${words[@]:1}")"'],
  ['complete -F __xrun_complete', 'complete -o bashdefault -o default -F __xrun_complete'],
] as const;

/** The program by which a shell completes command lines of xrun. Throws where the library's has changed. */
export function completionScript(shell: Shell): string {
  const text = printed(() => script(shell, 'xrun', 'xrun'));
  if (shell !== 'bash') return text;
  return FOR_BASH.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the script for bash has no ${from}`);
    return before.replaceAll(from, () => to);
  }, text);
}

/* oxlint-disable no-console */
/** What a function prints by console.log, which is all that the library does with its scripts. */
function printed(work: () => void): string {
  const { log } = console;
  const lines: string[] = [];
  console.log = (line: string) => void lines.push(line);
  try {
    work();
  } finally {
    console.log = log;
  }
  return lines.map((line) => `${line}\n`).join('');
}
