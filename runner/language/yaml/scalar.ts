/** The value of a plain (unquoted) scalar: `yes` and `on` are booleans as in Ansible, `0644` stays text. */
export function plainValue(text: string): unknown {
  if (text.length > 24) return text;
  if (Object.hasOwn(words, text)) return words[text];
  if (/^[-+]?(0|[1-9][0-9]*)$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return exactInteger(text);
  if (/^[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/.test(text)) return Number(text);
  return text;
}

/** The value of a scalar with an explicit tag of YAML's own, or undefined where the text does not fit the tag. */
export function taggedValue(tag: string, text: string): unknown {
  if (tag === 'str') return text;
  const value = plainValue(text);
  if (tag === 'int' && Number.isInteger(value)) return value;
  if (tag === 'float' && typeof value === 'number') return value;
  if (tag === 'bool' && typeof value === 'boolean') return value;
  if (tag === 'null' && value === null) return value;
  return undefined;
}

/** The booleans of YAML 1.1, which Ansible's files are full of, without its `y` and `n`. */
const words: Record<string, unknown> = { '': null, '~': null, null: null, Null: null, NULL: null };
for (const word of ['true', 'yes', 'on']) addWord(word, true);
for (const word of ['false', 'no', 'off']) addWord(word, false);
for (const word of ['.inf', '.Inf', '.INF']) {
  words[word] = Infinity;
  words[`+${word}`] = Infinity;
  words[`-${word}`] = -Infinity;
}
for (const word of ['.nan', '.NaN', '.NAN']) words[word] = NaN;

function addWord(word: string, value: boolean): void {
  words[word] = value;
  words[word.toUpperCase()] = value;
  words[word.charAt(0).toUpperCase() + word.slice(1)] = value;
}

/** Digits that no number holds exactly (a serial number, say) stay text, so that none is lost. */
function exactInteger(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
