import { EVENT_ID, SCALAR_STYLE, getScalarValue } from 'js-yaml';
import type { AliasEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import { XrunError } from '../../diagnostics/errors.ts';
import type { YamlLimits } from './limits.ts';
import { bracketEnd } from './faults/bracket-end.ts';
import { posOf } from './place.ts';
import type { Place } from './place.ts';
import { placeContainer, placeEntry, placeOf } from './positions.ts';
import { plainValue, taggedValue } from './scalar.ts';
import type { Parsed } from './outdented.ts';
import type { SourceText } from './source-text.ts';
import { tagOf } from './tags.ts';
import { UnsafeText } from './faults/unsafe-text.ts';
import { unquotedTemplate } from './faults/unquoted-template.ts';
import { VaultText } from '../vault/vault-text.ts';

/** A value with its place; `weight` counts the values in it, each alias as often as it is used. */
export interface Node {
  value: unknown;
  place: Place;
  weight: number;
}

interface Entry {
  key: string;
  keyPlace: Place;
  value: unknown;
  place: Place;
}

/** Makes plain values of a document's events, and notes the position of each. */
export class Construction {
  /** Errors after which reading could go on. */
  readonly errors: XrunError[] = [];
  private readonly source: SourceText;
  /** The text that scalars are read from: with lines joined where the source's are outdented. */
  private readonly text: string;
  private readonly events: readonly Event[];
  private readonly limits: YamlLimits;
  /** undefined while the anchored value is not complete. */
  private readonly anchors = new Map<string, Node | undefined>();
  private index: number;
  /** Where the text read so far ends: the nearest known place for a value that is not there. */
  private cursor = 0;
  private weight = 0;
  /** Inside of a list or mapping tagged `!unsafe`. */
  private unsafe = false;

  constructor(source: SourceText, { text, events }: Parsed, start: number, limits: YamlLimits) {
    this.source = source;
    this.text = text;
    this.events = events;
    this.index = start;
    this.limits = limits;
  }

  /** The next value; `missing` is the place to name when it is empty. */
  node(missing?: Place): Node {
    const event = this.events[this.index++];
    if (event?.type === EVENT_ID.SCALAR) return this.anchored(event, () => this.scalar(event, missing));
    if (event?.type === EVENT_ID.SEQUENCE) return this.anchored(event, () => this.sequence(event));
    if (event?.type === EVENT_ID.MAPPING) return this.anchored(event, () => this.mapping(event));
    if (event?.type === EVENT_ID.ALIAS) return this.alias(event);
    return { value: null, place: missing ?? this.place(this.cursor), weight: 1 };
  }

  private anchored(event: ScalarEvent | SequenceEvent | MappingEvent, make: () => Node): Node {
    if (event.anchorStart < 0) return make();
    const name = this.source.text.slice(event.anchorStart, event.anchorEnd);
    this.anchors.set(name, undefined);
    const node = make();
    this.anchors.set(name, node);
    return node;
  }

  private alias(event: AliasEvent): Node {
    const place = this.place(event.anchorStart - 1, event.anchorEnd);
    const name = this.source.text.slice(event.anchorStart, event.anchorEnd);
    this.cursor = place.end;
    const node = this.anchors.get(name);
    if (!node) {
      const why = this.anchors.has(name) ? 'is used inside of itself' : 'is not defined before it is used';
      throw this.error(place, `the anchor '&${name}' ${why}`);
    }
    this.weigh(node.weight, place);
    return { value: node.value, place, weight: node.weight };
  }

  private scalar(event: ScalarEvent, missing?: Place): Node {
    const place = this.scalarPlace(event, missing);
    const tag = this.tag(event);
    const text = getScalarValue(this.text, event);
    if (text.length > this.limits.scalar) {
      throw this.error(place, `a text of ${text.length} characters; at most ${this.limits.scalar} are read`, 'E_LIMIT');
    }
    this.weigh(1, place);
    return { value: this.scalarValue(event, tag, text, place), place, weight: 1 };
  }

  private scalarValue(event: ScalarEvent, tag: string, text: string, place: Place): unknown {
    if (tag === '!vault' || tag === '!vault-encrypted') return new VaultText(text.trim() + '\n', posOf(place));
    if (tag === '!unsafe') return new UnsafeText(text);
    if (tag.startsWith('!!')) {
      const value = taggedValue(tag.slice(2), text);
      if (value === undefined)
        throw this.error(place, `found ${JSON.stringify(text)}, expected a value of the tag ${tag}`);
      return value;
    }
    const plain = tag === '' && event.style === SCALAR_STYLE.PLAIN;
    const value = plain ? plainValue(text) : text;
    return this.unsafe && typeof value === 'string' ? new UnsafeText(value) : value;
  }

  private sequence(event: SequenceEvent): Node {
    const self = this.place(event.start);
    const value: unknown[] = [];
    placeContainer(value, self);
    const weight = this.inside(event, 'seq', self, () => {
      const dash = this.source.text.indexOf('-', this.cursor);
      const item = this.node(this.place(dash < 0 ? self.start : dash));
      placeEntry(value, value.length, item.place, item.place);
      value.push(item.value);
      return item.weight;
    });
    return { value, place: self, weight };
  }

  private mapping(event: MappingEvent): Node {
    const self = this.place(event.start);
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    const weight = this.inside(event, 'map', self, () => {
      const { key, place: keyPlace, merges } = this.key();
      const node = this.node(keyPlace);
      if (merges) this.merge(merged, node);
      else this.addEntry(own, { key, keyPlace, value: node.value, place: node.place });
      return node.weight;
    });
    for (const key of own.keys()) merged.delete(key);
    return { value: object([...merged.values(), ...own.values()], self), place: self, weight };
  }

  /** Reads what a list or mapping holds, with `read` for each item, up to its end; returns its weight. */
  private inside(event: SequenceEvent | MappingEvent, kind: string, self: Place, read: () => number): number {
    const tag = this.tag(event);
    if (tag !== '' && tag !== '!unsafe' && tag !== `!!${kind}`)
      throw this.error(self, `the tag ${tag} does not fit here`);
    const outside = this.unsafe;
    this.unsafe ||= tag === '!unsafe';
    this.cursor = Math.max(this.cursor, event.start);
    this.weigh(1, self);
    let weight = 1;
    while (this.events[this.index] && this.events[this.index]?.type !== EVENT_ID.POP) weight += read();
    this.index++;
    this.unsafe = outside;
    if (/[[{]/.test(this.source.text[event.start] ?? '')) this.cursor = bracketEnd(this.source.text, this.cursor);
    self.end = Math.max(self.end, this.cursor);
    return weight;
  }

  private key(): { key: string; place: Place; merges: boolean } {
    const event = this.events[this.index];
    if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) throw this.containerAsKey(event);
    if (event?.type === EVENT_ID.SCALAR && event.valueStart < 0) throw this.missingKey();
    const { value, place } = this.node();
    if (event?.type === EVENT_ID.SCALAR) {
      const key = getScalarValue(this.text, event);
      return { key, place, merges: key === '<<' && event.style === SCALAR_STYLE.PLAIN };
    }
    if (typeof value === 'object') throw this.error(place, 'found a list or a mapping as a key, expected a text');
    return { key: String(value), place, merges: false };
  }

  private missingKey(): XrunError {
    const colon = this.source.text.indexOf(':', this.cursor);
    return this.error(this.place(colon < 0 ? this.cursor : colon), "a key is missing before ':'");
  }

  private containerAsKey(event: MappingEvent | SequenceEvent): XrunError {
    const { text } = this.source;
    const before = event.start > 0 && text.startsWith('{{', event.start - 1);
    if (before || text.startsWith('{{', event.start))
      return unquotedTemplate(this.source, before ? event.start - 1 : event.start);
    return this.error(this.place(event.start), 'found a list or a mapping as a key, expected a text');
  }

  private addEntry(entries: Map<string, Entry>, entry: Entry): void {
    const first = entries.get(entry.key);
    if (entry.key === '__proto__') throw this.error(entry.keyPlace, "the key '__proto__' cannot be used", 'E_YAML');
    if (first) {
      const line = posOf(first.keyPlace).line;
      const hint = `The first is on line ${line}; remove or rename one of them.`;
      this.errors.push(this.error(entry.keyPlace, `duplicate key '${entry.key}'`, 'E_DUPLICATE_KEY', hint));
    } else entries.set(entry.key, entry);
  }

  /** `<<: *base` and `<<: [*a, *b]`: what is there already wins. */
  private merge(entries: Map<string, Entry>, node: Node): void {
    for (const source of Array.isArray(node.value) ? node.value : [node.value]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source) || source instanceof VaultText) {
        throw this.error(node.place, "found something else after '<<:', expected a mapping or a list of mappings");
      }
      for (const [key, value] of Object.entries(source)) {
        const keyPlace = placeOf(source, key, 'key') ?? node.place;
        const place = placeOf(source, key) ?? node.place;
        if (!entries.has(key)) entries.set(key, { key, keyPlace, value, place });
      }
      this.weigh(Object.keys(source).length, node.place);
    }
  }

  private tag(event: ScalarEvent | SequenceEvent | MappingEvent): string {
    this.cursor = Math.max(this.cursor, event.tagEnd);
    return tagOf(event, this.source);
  }

  private scalarPlace(event: ScalarEvent, missing?: Place): Place {
    if (event.valueStart < 0) return missing ?? this.place(this.cursor);
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const block = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    this.cursor = Math.max(this.cursor, event.valueEnd);
    const blank = block ? (/^\s*/.exec(this.source.text.slice(event.valueStart, event.valueEnd))?.[0].length ?? 0) : 0;
    const start = quoted ? event.valueStart - 1 : event.valueStart + blank;
    return { source: this.source, start, end: quoted ? event.valueEnd + 1 : event.valueEnd, scalar: event };
  }

  private place(start: number, end: number = start + 1): Place {
    return { source: this.source, start, end };
  }

  private weigh(weight: number, place: Place): void {
    this.weight += weight;
    if (this.weight <= this.limits.values) return;
    const message = `more than ${this.limits.values} values, counting each alias as often as it is used`;
    throw this.error(place, message, 'E_LIMIT');
  }

  private error(place: Place, message: string, code = 'E_YAML', hint?: string): XrunError {
    return new XrunError(code, message, { at: posOf(place), ...(hint && { hint }) });
  }
}

function object(entries: Entry[], self: Place): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  placeContainer(value, self);
  for (const { key, keyPlace, value: item, place } of entries) {
    value[key] = item;
    placeEntry(value, key, keyPlace, place);
  }
  return value;
}
