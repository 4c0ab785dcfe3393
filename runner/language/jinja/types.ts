/** What is known of a value: its kind, and the types inside of it. */
export interface JinjaType {
  kind: 'boolean' | 'number' | 'text' | 'list' | 'mapping' | 'null' | 'unknown';
  /** Of a list: what its items are. */
  item?: JinjaType;
  /** Of text: it is known to be empty, or to end with a line break. */
  breaks?: true;
  /** Of an unknown value: it may be something that Python prints otherwise. */
  mixed?: true;
  /** Of a mapping: what its keys hold. */
  keys?: Readonly<Record<string, JinjaType>>;
}

export const unknown: JinjaType = { kind: 'unknown' };
export const boolean: JinjaType = { kind: 'boolean' };
export const number: JinjaType = { kind: 'number' };
export const text: JinjaType = { kind: 'text' };
export const nothing: JinjaType = { kind: 'null' };
export const mapping: JinjaType = { kind: 'mapping' };
export const list: JinjaType = { kind: 'list' };
const texts: JinjaType = { kind: 'list', item: text };

/** What every registered result has. */
export const resultType: JinjaType = {
  kind: 'mapping',
  keys: {
    ...Object.fromEntries(['changed', 'failed', 'skipped', 'unreachable'].map((key) => [key, boolean])),
    ...Object.fromEntries(['rc', 'status', 'attempts'].map((key) => [key, number])),
    ...Object.fromEntries(['stdout', 'stderr', 'msg', 'content'].map((key) => [key, text])),
    stdout_lines: texts,
    stderr_lines: texts,
    stat: {
      kind: 'mapping',
      keys: Object.fromEntries(['exists', 'isdir', 'isreg', 'islnk', 'executable'].map((key) => [key, boolean])),
    },
  },
};

/** The names that every play has. */
const always: Readonly<Record<string, JinjaType>> = {
  groups: mapping,
  hostvars: mapping,
  group_names: texts,
  ansible_play_hosts: texts,
  ansible_play_batch: texts,
  play_hosts: texts,
  ansible_check_mode: boolean,
  ...Object.fromEntries(
    [
      'inventory_hostname inventory_hostname_short ansible_hostname ansible_fqdn ansible_nodename ansible_domain',
      'ansible_distribution ansible_distribution_release ansible_distribution_version ansible_os_family ansible_system',
      'ansible_distribution_major_version ansible_architecture ansible_kernel ansible_service_mgr ansible_pkg_mgr',
      'ansible_managed ansible_user ansible_user_id role_name role_path playbook_dir inventory_dir',
    ]
      .flatMap((names) => names.split(' '))
      .map((name) => [name, text]),
  ),
  ansible_processor_vcpus: number,
  ansible_processor_cores: number,
  ansible_memtotal_mb: number,
};

/** What a name is, where the language itself says so. */
export function typeOfKnownName(name: string): JinjaType {
  return (Object.hasOwn(always, name) ? always[name] : undefined) ?? unknown;
}

/** The type of a value as YAML gives it; text that holds a template can be anything. */
export function typeOfValue(value: unknown): JinjaType {
  if (value === null || value === undefined) return nothing;
  if (typeof value === 'boolean') return boolean;
  if (typeof value === 'number' || typeof value === 'bigint') return number;
  if (typeof value === 'string') return typeOfText(value);
  if (Array.isArray(value)) {
    const items = value.map(typeOfValue);
    return items.length === 0 ? list : { kind: 'list', item: items.reduce(joinTypes) };
  }
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return unknown;
  return {
    kind: 'mapping',
    keys: Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typeOfValue(inner)])),
  };
}

function typeOfText(value: string): JinjaType {
  if (/\{[{%]/.test(value)) return unknown;
  return /(^|\n)$/.test(value) ? { ...text, breaks: true } : text;
}

/** What holds for a value that is of one of two types. */
export function joinTypes(a: JinjaType, b: JinjaType): JinjaType {
  if (a.kind !== b.kind) return { ...unknown, ...((isOther(a) || isOther(b)) && { mixed: true }) };
  if (a.kind === 'text') return { ...text, ...((a.breaks || b.breaks) && { breaks: true }) };
  if (a.kind === 'list') {
    const item = a.item && b.item ? joinTypes(a.item, b.item) : (a.item ?? b.item);
    return item ? { kind: 'list', item } : list;
  }
  if (a.kind === 'unknown') return { ...unknown, ...((a.mixed || b.mixed) && { mixed: true }) };
  if (a.kind !== 'mapping' || !a.keys || !b.keys) return { kind: a.kind };
  const { keys: left } = a;
  const { keys: right } = b;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  const keys = [...names].map((name) => {
    const [one, other] = [own(left, name), own(right, name)];
    return [name, one && other ? joinTypes(one, other) : (one ?? other ?? unknown)] as const;
  });
  return { kind: 'mapping', keys: Object.fromEntries(keys) };
}

/** Whether Python prints a value otherwise than xrun. */
function isOther({ kind, mixed }: JinjaType): boolean {
  return mixed === true || kind === 'boolean' || kind === 'list' || kind === 'mapping';
}

/** What a key of a value is. */
export function typeAt(type: JinjaType, key: string | number): JinjaType {
  if (type.kind === 'list' && typeof key === 'number') return type.item ?? unknown;
  return (type.keys && own(type.keys, String(key))) ?? unknown;
}

function own(keys: Readonly<Record<string, JinjaType>>, name: string): JinjaType | undefined {
  return Object.hasOwn(keys, name) ? keys[name] : undefined;
}

/** Why a template is named in a text. */
export type TemplateUse = 'include' | 'lookup';

/** What a template is called in xrun where nothing else is known of it: partials have names without an ending. */
export function renamedTemplate(name: string, use: TemplateUse): string {
  return use === 'include' ? name.replace(/^\.\//, '').replace(/\.j2$/, '') : name.replace(/\.j2$/, '.hbs');
}

/** What the converter knows of the names that a text reads. */
export interface JinjaEnvironment {
  /** The type of a variable; `unknown` where nothing is known of it. */
  typeOf(name: string): JinjaType;
  /** Names of filters that the project brings itself; they become helpers of the same name in camel case. */
  customFilters?: ReadonlySet<string>;
  /** The template is included by others: it keeps no line break at its end. */
  included?: boolean;
  /** What a template is called afterwards that is named in a text; undefined where it stays Jinja. */
  templateName?(name: string, use: TemplateUse): string | undefined;
  /** The quote for text in expressions; `"` where not given. */
  quote?: '"' | "'";
}

/** An environment that knows only what every play has. */
export const unknownEnvironment: JinjaEnvironment = { typeOf: typeOfKnownName };
