import { isMapping } from '../../../diagnostics/found.ts';
import type { VarsLayer } from '../../../model/playbook.ts';
import type { Contents } from './play-contents.ts';
import type { TemplateFile } from '../files.ts';

/** What texts may stand in. */
export interface Texts {
  contents: readonly Contents[];
  templates: readonly TemplateFile[];
  included: ReadonlyMap<unknown, VarsLayer>;
  /** Of partials. */
  partials: Iterable<string>;
}

/**
 * Every word of the playbooks' texts, for who asks whether a name is read anywhere. Any mention counts as reading, and
 * a use of `hostvars` as a whole reads everything.
 */
export class Words {
  private readonly words = new Set<string>();

  constructor({ contents, templates, included, partials }: Texts) {
    for (const { text } of templates) this.add(text);
    for (const text of partials) this.add(text);
    for (const { vars } of included.values()) this.add(vars);
    for (const { play, nodes, layers } of contents) {
      this.add(play);
      for (const { vars } of layers) this.add(vars);
      for (const node of nodes) this.add(node);
    }
  }

  /** A text, or whatever holds some. */
  add(value: unknown): void {
    if (typeof value === 'string') for (const word of wordsOf(value)) this.words.add(word);
    else if (Array.isArray(value)) for (const item of value) this.add(item);
    else if (isMapping(value)) for (const [key, item] of Object.entries(value)) if (!ignored.has(key)) this.add(item);
  }

  /** Whether a text may read the variable. */
  reads(name: string): boolean {
    return this.mentions(name) || this.words.has(everything);
  }

  /** Whether its name occurs in a text. */
  mentions(name: string): boolean {
    return this.words.has(name);
  }
}

/** Parts of plays and nodes that hold no text of the user's, or nodes of their own. */
const ignored = new Set([
  'at',
  'module',
  'traits',
  'moduleAt',
  'register',
  'registerAt',
  'role',
  'id',
  'included',
  'block',
  'rescue',
  'always',
  'preTasks',
  'tasks',
  'postTasks',
  'handlers',
  'dir',
]);

function wordsOf(text: string): string[] {
  const words = text.match(/[A-Za-z_]\w*/g) ?? [];
  return /\bhostvars\b(?!\s*[.[])/.test(text) ? [...words, everything] : words;
}

const everything = '*';
