/**
 * The value of a variable in an INI inventory: numbers, True, False, None, quoted text, lists and mappings as Python
 * writes them, as Ansible reads them; `true` and `false` too. Anything else is text.
 */
export function iniValue(text: string): unknown {
  const reader = new LiteralReader(text);
  const value = reader.whole();
  return value === notLiteral ? text : value;
}

const notLiteral = Symbol('not a literal');
const words: Record<string, unknown> = { True: true, False: false, None: null, true: true, false: false };
const deepest = 50;

/** Reads a literal of Python's; whatever is none makes it give up. */
class LiteralReader {
  readonly #text: string;
  #index = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#value();
    this.#skip();
    return this.#index < this.#text.length && this.#text[this.#index] !== '#' ? notLiteral : value;
  }

  #value(): unknown {
    this.#skip();
    const sign = this.#text[this.#index];
    if (sign === '"' || sign === "'") return this.#quoted(sign);
    if (sign === '[' || sign === '(') return this.#list(sign === '[' ? ']' : ')');
    if (sign === '{') return this.#mapping();
    return this.#plain();
  }

  #plain(): unknown {
    const word = /^[-+\w.]+/.exec(this.#text.slice(this.#index))?.[0];
    if (word === undefined) return notLiteral;
    this.#index += word.length;
    if (Object.hasOwn(words, word)) return words[word];
    if (/^[-+]?(0|[1-9]\d*)$/.test(word)) return Number.isSafeInteger(Number(word)) ? Number(word) : word;
    if (/^0x[0-9a-f]+$/i.test(word)) return Number(word);
    return /^[-+]?(\d+\.\d*|\.\d+|\d+(?=e))(e[-+]?\d+)?$/i.test(word) ? Number(word) : notLiteral;
  }

  #quoted(quote: string): unknown {
    let text = '';
    for (this.#index++; this.#index < this.#text.length; this.#index++) {
      const sign = this.#text[this.#index] ?? '';
      if (sign === quote) {
        this.#index++;
        return text;
      }
      text += sign === '\\' ? this.#escaped() : sign;
    }
    return notLiteral;
  }

  #escaped(): string {
    const sign = this.#text[++this.#index] ?? '';
    const signs: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
    return signs[sign] ?? `\\${sign}`;
  }

  #list(close: string): unknown {
    const items: unknown[] = [];
    const complete = this.#items(close, () => {
      const item = this.#value();
      items.push(item);
      return item !== notLiteral;
    });
    return complete ? items : notLiteral;
  }

  #mapping(): unknown {
    const entries: [string, unknown][] = [];
    const complete = this.#items('}', () => {
      const key = this.#value();
      this.#skip();
      if (key === notLiteral || this.#text[this.#index++] !== ':') return false;
      const value = this.#value();
      entries.push([String(key), value]);
      return value !== notLiteral;
    });
    return complete ? Object.fromEntries(entries) : notLiteral;
  }

  /** Items up to the closing bracket, with commas between; false where something else is there. */
  #items(close: string, item: () => boolean): boolean {
    this.#index++;
    if (++this.#depth > deepest) return false;
    for (;;) {
      this.#skip();
      if (this.#text[this.#index] === close) break;
      if (!item()) return false;
      this.#skip();
      if (this.#text[this.#index] === ',') this.#index++;
      else if (this.#text[this.#index] !== close) return false;
    }
    this.#index++;
    this.#depth--;
    return true;
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#index] ?? '')) this.#index++;
  }
}
