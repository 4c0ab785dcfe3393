import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { omit } from '../../runner/language/values/omit.ts';
import { errorOf, layer, render, renderer, scope, store } from './scene.ts';

describe('values', () => {
  test.each([
    ['"{{ports}}"', 'ports: [80, 443]', [80, 443]],
    ['"{{ ports.[1] }}"', 'ports: [80, 443]', 443],
    ['"{{on}}"', '"on": true', true],
    ['"{{nothing}}"', 'nothing: null', null],
    ['"{{site.[a key]}}"', 'site: {a key: 1}', 1],
    ['"{{site.name}} on {{site.port}}"', 'site: {name: x, port: 80}', 'x on 80'],
    ['"<{{nothing}}>"', 'nothing: null', '<>'],
    ['"{{ports}}!"', 'ports: [80, 443]', '[80,443]!'],
    ['[a, "{{b}}", {c: "{{b}}"}]', 'b: 1', ['a', 1, { c: 1 }]],
    ['plain', '{}', 'plain'],
    ['"{{a}} {{{a}}} {{&a}}"', 'a: <&>', '<&> <&> <&>'],
    [String.raw`"\\{{a}}"`, 'a: 1', '{{a}}'],
    ['"{{{{raw}}}}{{a}}{{{{/raw}}}}"', 'a: 1', '{{a}}'],
    ['!unsafe "{{a}}"', 'a: 1', '{{a}}'],
    ['"{{length}} {{length list}}"', '{length: 5, list: [1]}', '5 1'],
  ])('%s with %s', (text, vars, value) => {
    expect(render(text, vars)).toEqual(value);
  });

  test('a value without templates is returned as it is', () => {
    const value = { a: [1, { b: 'c' }] };
    expect(renderer.render(value, scope())).toBe(value);
  });

  test('a variable may be made of others, in any order', () => {
    expect(
      render('"{{url}}"', '{url: "http://{{host_name}}:{{port}}", port: 80, host_name: "{{short}}.lan", short: a}'),
    ).toBe('http://a.lan:80');
  });

  test('omit drops the argument and the item', () => {
    expect(render('{a: 1, b: "{{omit}}", c: "{{default d omit}}", e: [1, "{{omit}}"]}')).toEqual({ a: 1, e: [1] });
    expect(renderer.render('{{omit}}', scope())).toBe(omit);
  });
});

describe('blocks', () => {
  test.each([
    ['{{#each users}}{{@index}}{{name}}{{#unless @last}}, {{/unless}}{{/each}}', '0ann, 1bob'],
    ['{{#each users as |user i|}}{{i}}{{user.name}}{{/each}}', '0ann1bob'],
    ['{{#each ports}}{{@key}}={{this}};{{/each}}', 'http=80;https=443;'],
    ['{{#each none}}x{{else}}nobody{{/each}}', 'nobody'],
    ['{{#each users}}{{../city}}-{{@root.city}} {{/each}}', 'Bern-Bern Bern-Bern '],
    ['{{#each users}}{{#if admin}}{{../city}}{{/if}}{{/each}}', 'Bern'],
    ['{{#with ports}}{{http}}{{/with}}', '80'],
    ['{{#if missing.at.all}}a{{else if city}}b{{/if}}', 'b'],
    ['{{#if (eq city "Bern")}}yes{{/if}}', 'yes'],
    ['{{#users}}{{name}}{{/users}}{{^none}}none{{/none}}', 'annbobnone'],
    ['{{#*inline "row"}}[{{name}}]{{/inline}}{{#each users}}{{> row}}{{/each}}', '[ann][bob]'],
  ])('%s', (text, result) => {
    const vars =
      '{users: [{name: ann}, {name: bob, admin: true}], ports: {http: 80, https: 443}, none: [], city: Bern}';
    expect(render(JSON.stringify(text), vars)).toBe(result);
  });
});

describe('errors stand inside of the text', () => {
  test.each([
    ['"a {{ nme }}"', 'name: x', "E_UNDEFINED 1:14-17 'nme' is not defined | Did you mean 'name'?"],
    [
      '"{{site.pot}}"',
      'site: {port: 1, name: x}',
      "E_UNDEFINED 1:11-19 site.pot: 'pot' is not defined in site; it has port, name | Did you mean 'port'?",
    ],
    ['"{{a.b.c}}"', 'a: {b: 1}', "E_UNDEFINED 1:11-16 a.b.c: 'c' is not defined in a.b; it is a number"],
    ['"{{list.[2]}}"', 'list: [1]', "E_UNDEFINED 1:11-19 list.2: '2' is not defined in list; it is a list of 1"],
    ['"{{join lst}}"', 'list: [1]', "E_UNDEFINED 1:16-19 'lst' is not defined | Did you mean 'list'?"],
    [
      '"{{join (map users name)}}"',
      'users: []',
      "E_UNDEFINED 1:27-31 'name' is not defined | set name in the inventory, in vars or with -e name=...",
    ],
    [
      '"{{#each users}}{{city}}{{/each}}"',
      '{users: [{name: a}], city: x}',
      "E_UNDEFINED 1:26-30 'city' is not defined | in this block names belong to the item; the variable outside is @root.city",
    ],
    [
      '"{{join 5}}"',
      '{}',
      'E_TEMPLATE 1:16-17 join expects a list, found number | Use it as `{{join list separator? key=}}`.',
    ],
    ['"{{jion list}}"', 'list: []', "E_TEMPLATE 1:11-15 there is no helper 'jion' | Did you mean 'join' or 'json'?"],
    [
      "\"{{upper}}{{upper 'a' 'b'}}\"",
      'upper: 1',
      'E_TEMPLATE 1:20-25 upper expects 1 argument, found 2 | Use it as `{{upper text}}`.',
    ],
    ['"{{json a indnt=2}}"', 'a: 1', "E_TEMPLATE 1:18-25 json has no argument 'indnt=' | Did you mean 'indent'?"],
    [
      '"{{#upper a}}{{/upper}}"',
      'a: x',
      "E_TEMPLATE 1:12-17 there is no block '#upper' | upper is a helper, not a block: `{{#if (upper ...)}}`.",
    ],
    [
      '"{{> header}}"',
      '{}',
      "E_TEMPLATE 1:13-19 there is no partial 'header' | Create it as templates/partials/header.hbs.",
    ],
    [
      '"x{{omit}}"',
      '{}',
      "E_TEMPLATE 1:10-18 'omit' cannot be part of a text | `omit` drops a whole argument: write it as the only thing of the value.",
    ],
    [
      '"{{required a \'set a\'}}"',
      '{}',
      'E_TEMPLATE 1:20-21 required says: set a | Use it as `{{required value message?}}`.',
    ],
    [
      '"{{ a | default(1) }}"',
      '{}',
      "E_TEMPLATE 1:14-15 unexpected '|' in a template | Templates are Handlebars, not Jinja: a filter is a helper before its value, `{{default a 1}}`.",
    ],
    [
      "\"{{ a.b | to_json | regex_replace('x', 'y') }}\"",
      '{}',
      'E_TEMPLATE 1:16-17 unexpected \'|\' in a template | Templates are Handlebars, not Jinja: a filter is a helper before its value, `{{regexReplace (toJson a.b) "x" "y"}}`.',
    ],
    [
      '"{{ a | selectattr(\'b\', eq=1) }}"',
      '{}',
      "E_TEMPLATE 1:14-15 unexpected '|' in a template | Templates are Handlebars, not Jinja: a filter is a helper before its value, `{{selectattr value argument}}`.",
    ],
    ['"{{ a.b.0 }}"', '{}', "E_TEMPLATE 1:16-17 unexpected '0' in a template | Write `{{a.b.[0]}}`."],
    [
      '"{{ a == b }}"',
      '{}',
      "E_TEMPLATE 1:14-15 unexpected '=' in a template | Compare with a helper: `{{#if (eq a b)}}...{{/if}}`.",
    ],
    [`"{{ a['b'] }}"`, '{}', "E_TEMPLATE 1:13-14 unexpected '[' in a template | Write `{{a.b}}`."],
    [
      '"{{ a + b }}"',
      '{}',
      "E_TEMPLATE 1:14-15 unexpected '+' in a template | Calculate with helpers: `{{plus a b}}`.",
    ],
    ['"{{a"', '{}', "E_TEMPLATE 1:9-11 '{{' has no '}}'"],
    ['"{{#if a}}x"', '{}', 'E_TEMPLATE 1:9-11 the template ends inside of a block that was not closed'],
    ['"{{#if a}}{{/each}}"', '{}', "E_TEMPLATE 1:12-14 if doesn't match each"],
    ['|-\n  first\n  and {{ nme }}\n', 'name: 1', "E_UNDEFINED 3:10-13 'nme' is not defined | Did you mean 'name'?"],
    [`'it''s {{ nme }}'`, 'name: 1', "E_UNDEFINED 1:18-21 'nme' is not defined | Did you mean 'name'?"],
    [String.raw`"\u00e4\t{{ nme }}"`, 'name: 1', "E_UNDEFINED 1:20-23 'nme' is not defined | Did you mean 'name'?"],
    [
      '"{{a}}"',
      '{a: "{{b}}", b: "{{c}}", c: "{{a}}"}',
      'E_CYCLE 1:5-12 the variable needs itself: a -> b -> c -> a | One of them must not use the next.',
    ],
  ])('%s with %s', (text, vars, error) => {
    expect(errorOf(() => render(text, vars))).toBe(error);
  });
});

describe('template files', () => {
  test('find partials beside themselves, in the role and in the playbook', () => {
    const dir = directory({
      'templates/partials/head.hbs': '# {{title}}\n',
      'role/templates/partials/row.hbs': '{{name}}{{sep}}',
    });
    const text = '{{> head}}\n{{#each users}}\n{{> row sep="!"}}\n\n{{/each}}\n';
    const made = store('{title: Users, users: [{name: a}, {name: b}]}', { dir });
    const seen = made.scopeFor('one', { role: { name: 'r', path: join(dir, 'role'), parents: [] } as never });
    expect(renderer.renderFile(text, join(dir, 'templates/users.hbs'), seen)).toBe('# Users\na!\nb!\n');
  });

  test('name themselves in errors, partials too', () => {
    const dir = directory({ 'templates/partials/bad.hbs': 'one\n{{nope}}' });
    expect(errorOf(() => renderer.renderFile('a\n  {{b.c}}', 'x.hbs', scope('b: {}')))).toBe(
      "E_UNDEFINED 2:5-8 b.c: 'c' is not defined in b; it is empty",
    );
    const seen = store('{}', { dir }).scopeFor('one');
    expect(errorOf(() => renderer.renderFile('{{> bad}}', 'x.hbs', seen))).toMatch(/^E_UNDEFINED 2:3-7 'nope'/);
  });

  test('a partial that includes itself ends', () => {
    const dir = directory({ 'templates/partials/again.hbs': '{{> again}}' });
    const seen = store('{}', { dir }).scopeFor('one');
    expect(errorOf(() => renderer.renderFile('{{> again}}', 'x.hbs', seen))).toBe(
      "E_TEMPLATE 1:5-10 partial 'again' includes itself",
    );
  });

  test('file reads beside the playbook', () => {
    const dir = directory({ 'files/key.pub': 'ssh-ed25519 AAAA\n' });
    expect(render('"{{file \'key.pub\'}}"', store('{}', { dir }).scopeFor('one'))).toBe('ssh-ed25519 AAAA');
  });
});

test('reads tells what a value needs', () => {
  const value = {
    a: '{{b.c}} {{join d e}}',
    f: ['{{#each g}}{{h}}{{@root.i}}{{/each}}'],
    j: 'k',
    when: { source: 'l.m == n', at: { file: 'x', line: 1, col: 1 } },
  };
  expect([...renderer.reads(value)].toSorted()).toEqual(['b', 'd', 'e', 'g', 'h', 'i', 'l', 'n']);
});

test('no template reaches a prototype', () => {
  for (const path of ['constructor', 'a.constructor', 'a.__proto__', 'a.toString', 'list.map']) {
    expect(errorOf(() => render(`"{{${path}}}"`, '{a: {b: 1}, list: []}'))).toMatch(/^E_UNDEFINED/);
  }
});

test('play variables are templates, results are not', () => {
  const made = store('{}', { vars: [layer('play', '{a: "{{b}}", b: 1}')] });
  made.setResult('one', 'out', '{{a}}', 'register');
  expect(made.scopeFor('one').get('a')).toBe(1);
  expect(made.scopeFor('one').get('out')).toBe('{{a}}');
});

function directory(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'templates-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}
