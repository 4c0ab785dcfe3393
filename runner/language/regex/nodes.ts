/** One character, by itself or in a set. */
export interface Char {
  kind: 'char';
  char: string;
}

/** A member of a set: a character, several in a row, a kind (`\d`), or a property of Unicode's (`{L}`). */
export type Item =
  | Char
  | { kind: 'range'; from: string; to: string }
  | { kind: 'kind'; letter: string }
  | { kind: 'property'; not: boolean; name: string };

/** A place between characters. */
export interface Edge {
  kind: 'edge';
  at: 'start' | 'end' | 'line start' | 'line end' | 'word' | 'no word';
}

/** Something that may come several times. */
export interface Repeat {
  kind: 'repeat';
  min: number;
  max: number;
  lazy: boolean;
  body: Node;
}

/** A part of a regular expression. */
export type Node =
  | Char
  | Edge
  | Repeat
  /** Any character; with `lines` a line break too. */
  | { kind: 'any'; lines: boolean }
  | { kind: 'class'; not: boolean; items: Item[] }
  /** `ignoreCase` where it is another one than around the group. */
  | { kind: 'group'; capture?: number; ignoreCase?: boolean; body: Node[][] }
  | { kind: 'look'; behind: boolean; not: boolean; body: Node[][] }
  | { kind: 'back'; group: number | string };
