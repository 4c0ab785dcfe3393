/** A fenced block of a page. */
export interface Block {
  /** The word behind the fence: `yaml`, `console`. */
  language: string;
  /** What stands in brackets behind it, which readers do not see: the name of a file. */
  title: string | undefined;
  text: string;
  /** The line of the fence, from 1. */
  line: number;
}

const FENCED = /^( *)```(\w+)(?: \[([^\]]+)\])?[^\n]*\n(.*?)^\1```$/gms;

/** The fenced blocks of a page in Markdown, in order. A fence may be indented, as in a list. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(FENCED)].map((match) => {
    const [, indent = '', language = '', title, text = ''] = match;
    return {
      language,
      title,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      line: markdown.slice(0, match.index).split('\n').length,
    };
  });
}
