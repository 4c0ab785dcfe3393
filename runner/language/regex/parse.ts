import { PatternReader, PatternError } from './reader.ts';
import { alphabet, escapeOf } from './escapes.ts';
import type { Edge, Item, Node, Repeat } from './nodes.ts';

/** What letters in `(?i)` mean, and what a caller switches on for a whole pattern. */
export interface Flags {
  i: boolean;
  m: boolean;
  s: boolean;
  x: boolean;
}

/** A regular expression that was understood. */
export interface Parsed {
  /** Alternatives, each a sequence. */
  body: Node[][];
  /** Numbers of the groups that have names. */
  names: Map<string, number>;
  /** How many groups there are. */
  count: number;
  /** Letters match whatever their case, everywhere. */
  ignoreCase: boolean;
}

/**
 * Reads a regular expression in Python's dialect (the documentation of its module `re`, "Regular Expression Syntax"), and
 * besides what JavaScript's users write: `(?<name>...)`, `\k<name>`, `\p{...}`, `\z`. Throws a {@link PatternError}.
 */
export function parsePattern(text: string, preset: Partial<Flags> = {}): Parsed {
  const parser = new Parser(text);
  const flags: Flags = { i: false, m: false, s: false, x: false, ...preset };
  parser.leadingFlags(flags);
  const body = parser.alternatives(flags);
  if (!parser.input.done) throw parser.input.error("unbalanced ')'");
  parser.checkReferences();
  return { body, names: parser.names, count: parser.count, ignoreCase: flags.i };
}

const FLAG_LETTERS = 'aiLmsux';

class Parser {
  readonly input: PatternReader;
  readonly names = new Map<string, number>();
  readonly #references: { group: number | string; at: number }[] = [];
  count = 0;

  constructor(text: string) {
    this.input = new PatternReader(text);
  }

  /** Flags that hold for the whole: Python takes them at the beginning only. */
  leadingFlags(flags: Flags): void {
    for (let found; (found = this.input.match(/\(\?([a-zA-Z]+)\)/y));) this.#set(flags, found[1] as string, true);
  }

  alternatives(flags: Flags): Node[][] {
    const all = [this.#sequence(flags)];
    while (this.input.take('|')) all.push(this.#sequence(flags));
    return all;
  }

  checkReferences(): void {
    for (const { group, at } of this.#references) {
      const known = typeof group === 'number' ? group <= this.count : this.names.has(group);
      if (!known) throw new PatternError(`there is no group '${group}'`, at);
    }
  }

  #sequence(flags: Flags): Node[] {
    const nodes: Node[] = [];
    while (!this.input.done && !this.input.sees('|') && !this.input.sees(')')) {
      if (flags.x && this.input.match(/\s+|#[^\n]*/y)) continue;
      const node = this.#atom(flags);
      if (node) nodes.push(this.#repeated(node, flags));
    }
    return nodes;
  }

  #atom(flags: Flags): Node | undefined {
    const { input } = this;
    if (input.sees('(')) return this.#group(flags);
    if (input.sees('[')) return this.#set_(input.match(/\[\^?/y)?.[0] === '[^');
    if (input.sees('\\')) return this.#escape();
    if (/[*+?]/.test(input.peek())) throw input.error('there is nothing to repeat');
    const sign = input.next();
    if (sign === '.') return { kind: 'any', lines: flags.s };
    if (sign === '^' || sign === '$')
      return { kind: 'edge', at: sign === '^' ? (flags.m ? 'line start' : 'start') : flags.m ? 'line end' : 'end' };
    return { kind: 'char', char: sign };
  }

  #repeated(node: Node, flags: Flags): Node {
    if (flags.x) while (this.input.match(/\s+|#[^\n]*/y));
    const at = this.input.at;
    const [all, sign, least, comma, most] = this.input.match(/([*+?])|\{(\d*)(,?)(\d*)\}/y) ?? [];
    if (all === undefined || all === '{}') {
      if (all === '{}') this.input.at = at;
      return node;
    }
    if (node.kind === 'edge') throw new PatternError('there is nothing to repeat', at);
    const min = sign === undefined ? Number(least) : sign === '+' ? 1 : 0;
    const max = sign === undefined ? (comma ? (most ? Number(most) : Infinity) : min) : sign === '?' ? 1 : Infinity;
    if (max < min) throw new PatternError(`the least of ${all} is more than the most`, at);
    const lazy = this.input.take('?');
    if (/[*+]/.test(this.input.peek()) || this.input.match(/\?|\{\d*,?\d*\}(?<!\{\})/y))
      throw this.input.error('two repetitions in a row are not supported');
    return { kind: 'repeat', min, max, lazy, body: node } satisfies Repeat;
  }

  #group(flags: Flags): Node | undefined {
    const { input } = this;
    const at = input.at;
    if (input.match(/\(\?#[^)]*\)/y)) return undefined;
    const look = input.match(/\(\?(<?)([=!])/y);
    if (look) return { kind: 'look', behind: look[1] === '<', not: look[2] === '!', body: this.#inside(flags, at) };
    const same = input.match(/\(\?P=([^)]*)\)/y);
    if (same) return this.#reference(same[1] as string, at);
    const named = input.match(/\(\?P?<([^>]*)>/y);
    if (named) return this.#capture(flags, at, named[1]);
    const scoped = input.match(/\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:/y);
    if (scoped) {
      const inner = { ...flags };
      this.#set(inner, scoped[1] as string, true);
      this.#set(inner, scoped[2] ?? '', false);
      return { kind: 'group', body: this.#inside(inner, at), ...(inner.i !== flags.i && { ignoreCase: inner.i }) };
    }
    if (input.match(/\(\?[a-zA-Z]+\)/y))
      throw new PatternError('flags for the whole pattern must stand at its beginning', at);
    if (input.match(/\(\?/y)) throw new PatternError(`'${input.text.slice(at, at + 4)}' is not supported`, at);
    input.next();
    return this.#capture(flags, at);
  }

  #capture(flags: Flags, at: number, name?: string): Node {
    const number = ++this.count;
    if (name !== undefined) {
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new PatternError(`'${name}' is not a valid name of a group`, at);
      if (this.names.has(name)) throw new PatternError(`duplicate group '${name}'`, at);
      this.names.set(name, number);
    }
    return { kind: 'group', capture: number, body: this.#inside(flags, at) };
  }

  #inside(flags: Flags, at: number): Node[][] {
    const body = this.alternatives({ ...flags });
    if (!this.input.take(')')) throw new PatternError("missing ')'", at);
    return body;
  }

  #set(flags: Flags, letters: string, on: boolean): void {
    for (const letter of letters) {
      if (!FLAG_LETTERS.includes(letter)) throw this.input.error(`there is no flag '${letter}'`);
      if (letter in flags) flags[letter as keyof Flags] = on;
    }
  }

  #reference(name: string, at: number): Node {
    const group = /^\d+$/.test(name) ? Number(name) : name;
    this.#references.push({ group, at });
    return { kind: 'back', group };
  }

  #escape(): Node {
    const { input } = this;
    const at = input.at;
    const edge = input.match(/\\([AZzbB])/y)?.[1];
    if (edge)
      return {
        kind: 'edge',
        at: ({ A: 'start', Z: 'end', z: 'end', b: 'word', B: 'no word' } as Record<string, Edge['at']>)[
          edge
        ] as Edge['at'],
      };
    const back = input.match(/\\k<([^>]*)>|\\([1-9]\d?)(?!\d)/y);
    if (back) return this.#reference((back[1] ?? back[2]) as string, at);
    const item = escapeOf(input);
    return item.kind === 'char' ? item : { kind: 'class', not: false, items: [item] };
  }

  /** A set in brackets; its `[` has been read. */
  #set_(not: boolean): Node {
    const { input } = this;
    const start = input.at - 1;
    const items: Item[] = [];
    while (items.length === 0 || !input.sees(']')) {
      if (input.done) throw new PatternError("missing ']'", start);
      const from = this.#member();
      if (from.kind === 'char' && input.sees('-') && input.peek(1) !== ']' && input.peek(1) !== '') {
        const at = input.at;
        input.next();
        const to = this.#member();
        if (to.kind !== 'char' || alphabet(to.char) < alphabet(from.char))
          throw new PatternError('this is not a valid range', at);
        items.push({ kind: 'range', from: from.char, to: to.char });
      } else items.push(from);
    }
    input.next();
    return { kind: 'class', not, items };
  }

  #member(): Item {
    if (this.input.match(/\\b/y)) return { kind: 'char', char: '\b' };
    return this.input.sees('\\') ? escapeOf(this.input) : { kind: 'char', char: this.input.next() };
  }
}
