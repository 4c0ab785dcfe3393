/** A source of numbers that gives the same ones for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pieces = [
  ...[
    '- ',
    '-',
    ':',
    ': ',
    '? ',
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '\n  - ',
    '\t',
    ' ',
    ',',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '|-\n',
    '>+\n',
  ],
  ...[
    '#',
    ' # c',
    '&a ',
    '*a',
    '&b ',
    '*b',
    '<<: ',
    '!vault ',
    '!unsafe ',
    '!!int ',
    '!!str ',
    '!x ',
    '!<',
    '---',
    '...',
    '%YAML 1.1\n',
    '%TAG ! x\n',
  ],
  ...[
    '{{',
    '}}',
    '{{ x }}',
    '{{#if',
    '{{/if}}',
    '\\',
    '\\x',
    '\\u00e9',
    '@',
    '`',
    '%',
    '\0',
    '\u0001',
    '\ufeff',
    '\u2028',
    '😀',
    '\ud800',
    '\r\n',
  ],
  ...[
    'yes',
    'no',
    '0644',
    '1e3',
    '~',
    '-1',
    '99999999999999999999',
    '__proto__',
    'constructor',
    'toString',
    '',
    'x'.repeat(300),
  ],
  ...[
    'hosts',
    'all',
    'name',
    'tasks',
    'vars',
    'roles',
    'handlers',
    'block',
    'rescue',
    'when',
    'loop',
    'with_items',
    'with_dict',
    'loop_control',
  ],
  ...[
    'tags',
    'notify',
    'listen',
    'register',
    'args',
    'action',
    'local_action',
    'module_defaults',
    'environment',
    'serial',
    'gather_facts',
    'vars_files',
  ],
  ...[
    'import_tasks',
    'include_tasks',
    'import_role',
    'include_role',
    'import_playbook',
    'apply',
    'vars_prompt',
    'guarded',
    'confirm',
    'until',
  ],
  ...[
    'command',
    'copy',
    'template',
    'file',
    'set_fact',
    'debug',
    'meta',
    'assert',
    'that',
    'ansible.builtin.shell',
    'src=a dest=/b',
    'a == 1',
    'a ==',
    '(',
    ')',
  ],
];

/** Those of the pieces that may stand for a key or a value without breaking the YAML around them. */
const words = [
  ...pieces.filter((piece) => /^[\w][\w. =/]*$/.test(piece)),
  '"{{ x }}"',
  '"{{ x"',
  '[a, b]',
  '{a: 1}',
  '[]',
  '{}',
  "''",
];

/** Valid playbooks, which mutations begin with. */
const seeds = [
  '- hosts: all\n  become: yes\n  vars: {a: 1, b: [x, y]}\n  tasks:\n    - name: one\n      command: ls -l creates=/x\n      register: r\n      when: a == 1\n    - block:\n        - copy: src=a dest="/b {{ a }}" mode=0644\n      rescue:\n        - debug: {msg: "{{ r.stdout }}"}\n      tags: [x, y]\n  handlers:\n    - name: h\n      listen: l\n      shell: |\n        echo {{ a }}\n        echo two\n',
  '- import_playbook: playbook.yml\n  vars: &v {a: 1}\n- hosts: web:!db\n  vars:\n    <<: *v\n    x: !unsafe "{{"\n    y: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      6162\n  roles:\n    - web\n    - {role: web, port: 80}\n  tasks:\n    - include_tasks: {file: a.yml, apply: {tags: t}}\n      loop: "{{ b }}"\n      loop_control: {loop_var: z}\n    - assert:\n        that: [a == 1, "b != 2"]\n',
  '- hosts: all\n  vars: {kind: a, part: main, b: "{{kind}}"}\n  tasks:\n    - include_tasks: "{{kind}}.yml"\n      when: kind != "none"\n    - include_role: {name: "{{ b }}", tasks_from: "{{part}}"}\n    - include_vars: "{{kind}}.yml"\n    - set_fact: {part: x}\n',
  "a: \"one\\n\\u00e9 two\"\nb: >-\n  folded\n  text\n\n  more\nc: 'it''s'\nd: |2\n   x\ne: [1, {f: g}, [h]]\n? k\n: v\n",
];

/** One input: a valid text with some mutations, or pieces at random. */
export function fuzzInput(random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (random() < 0.1) return Array.from({ length: Math.floor(random() * 40) }, () => pick(pieces)).join('');
  let text = pick(seeds);
  for (let changes = Math.floor(random() * 4) + 1; changes > 0; changes--) {
    text = random() < 0.25 ? mutateText(text, random, pick(pieces)) : mutateLines(text, random, pick(words));
  }
  return text;
}

/** Changes that YAML mostly survives: a word, a value or a whole line becomes another. */
function mutateLines(text: string, random: () => number, piece: string): string {
  const lines = text.split('\n');
  const at = Math.floor(random() * lines.length);
  const line = lines[at] ?? '';
  const kind = random();
  if (kind < 0.3) lines[at] = line.replace(/[\w.]+(?=:)/, piece);
  else if (kind < 0.6) lines[at] = line.replace(/: .*$/, `: ${piece}`);
  else if (kind < 0.7) lines[at] = line.replace(/: .*$/, `: [${piece}, {x: ${piece}}]`);
  else if (kind < 0.8) lines.splice(at, 1);
  else if (kind < 0.9) lines.splice(Math.floor(random() * lines.length), 0, line);
  else lines[at] = line.replace(/^ */, (blank) => ' '.repeat(Math.max(0, blank.length + (random() < 0.5 ? 2 : -2))));
  return lines.join('\n');
}

/** Changes anywhere. */
function mutateText(text: string, random: () => number, piece: string): string {
  const at = Math.floor(random() * (text.length + 1));
  const to = Math.min(text.length, at + Math.floor(random() * 20));
  const kind = random();
  if (kind < 0.35) return text.slice(0, at) + piece + text.slice(at);
  if (kind < 0.6) return text.slice(0, at) + text.slice(to);
  if (kind < 0.75) return text.slice(0, at) + piece + text.slice(to);
  if (kind < 0.85) return text.slice(0, to) + text.slice(at);
  return kind < 0.95 ? text.slice(0, at) : text + text.slice(at, to).repeat(3);
}
