/** A line of a file of /etc/pam.d that holds a rule; see pam.d(5). */
export interface Rule {
  type: string;
  /** A word, or `[value=action ...]` with single blanks. */
  control: string;
  path: string;
  arguments: string[];
}

/** One argument: a word, or `[...]` with blanks in it. */
const WORDS = /\[(?:\\.|[^\]\\])*\]|\S+/g;

const plainControl = (control: string) =>
  control.startsWith('[')
    ? `[${control
        .slice(1, -1)
        .trim()
        .replace(/\s*=\s*/g, '=')
        .replace(/\s+/g, ' ')}]`
    : control;

/** The rule that a line holds; undefined for comments, `@include` and empty lines. */
export function ruleIn(line: string): Rule | undefined {
  const [, type, control, path, rest = ''] =
    /^\s*(-?(?:auth|account|password|session))\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$/i.exec(line.replace(/\s+#.*$/, '')) ??
    [];
  if (type === undefined || control === undefined || path === undefined) return undefined;
  return { type: type.toLowerCase(), control: plainControl(control), path, arguments: rest.match(WORDS) ?? [] };
}

/** The line of a rule. */
export function lineOf({ type, control, path, arguments: words }: Rule): string {
  return `${type}\t${control}\t${path}${words.map((word) => ` ${word}`).join('')}`;
}

/** Whether it is the rule that is meant: of this type, control and module. */
export function isRule(rule: Rule | undefined, wanted: Pick<Rule, 'type' | 'control' | 'path'>): boolean {
  return rule?.type === wanted.type && rule.control === plainControl(wanted.control) && rule.path === wanted.path;
}

/** The rule's arguments with others added; one with a value takes the place of the same one with another value. */
export function withArguments(rule: Rule, added: readonly string[]): Rule {
  const words = [...rule.arguments];
  for (const word of added) {
    if (words.includes(word)) continue;
    const key = /^[^=[]+=/.exec(word)?.[0];
    const at = key === undefined ? -1 : words.findIndex((one) => one.startsWith(key));
    if (at < 0) words.push(word);
    else words[at] = word;
  }
  return { ...rule, arguments: words };
}
