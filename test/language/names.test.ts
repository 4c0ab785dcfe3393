import { describe, expect, test } from 'vitest';
import { templateNeeds } from '../../runner/language/templates/needs/needs.ts';
import { errorOf, renderer, scope, store } from './scene.ts';

const vars = '{name: web, empty: {}, users: [{name: ann}, {name: bob}], found: "", ports: {web: 80}}';
const rendered = (text: string) => renderer.render(text, scope(vars));
const condition = (source: string) =>
  renderer.evaluate({ source, at: { file: 'a.yml', line: 1, col: 1, endCol: 1 } }, scope(vars));

describe('strings know escapes; other backslashes stay', () => {
  test.each([
    [String.raw`{{join (list "a" "b") "\n"}}`, 'a\nb'],
    [String.raw`{{replace "a\\b" "\\" "/"}}`, 'a/b'],
    [String.raw`{{regexReplace "eth12" "(\w)(\d+)" "\1-\2"}}`, 'eth-12'],
    [String.raw`{{list "\"" '\'' "\t" "\\n" "\."}}`, ['"', "'", '\t', '\\n', '\\.']],
  ])('%s', (text, result) => {
    expect(rendered(text)).toEqual(result);
  });
});

describe('what is not chosen is not evaluated', () => {
  test.each([
    ['{{ternary true "a" missing}}', 'a'],
    ['{{ternary (get (dict) "a") 1 2 3}}', 3],
    ['{{#if (and (defined missing) (eq missing 1))}}a{{else}}b{{/if}}', 'b'],
    ['{{or true missing}}', true],
    ['{{either found "none"}}', 'none'],
    ['{{both name missing.[a]}}', /missing/],
    ['{{default name missing}}', 'web'],
    ['{{default (lookup ports "api") 8080}}', 8080],
    ['{{default (lookup (lookup ports "api") "b") 1}}', 1],
    ['{{default (first (list)) "x"}}', 'x'],
    ['{{default missing}}', ''],
    ['{{defined (lookup ports name)}} {{defined (lookup ports "x")}}', 'true false'],
    ['{{default empty 1 empty=true}}', 1],
    ['{{truthy empty}}', false],
    ['{{truthy users}}', true],
  ])('%s', (text, result) => {
    if (result instanceof RegExp) expect(errorOf(() => rendered(text))).toMatch(result);
    else expect(rendered(text)).toEqual(result);
  });
});

describe('names that a template gives itself', () => {
  test.each([
    ['{{set a=1 b=(list)}}{{append b a}}{{append b 2}}{{json b}}', '[1,2]'],
    ['{{set b=(list 1)}}{{extend b (list 2 3)}}{{json b}}', '[1,2,3]'],
    ['{{set all=(list)}}{{#each users}}{{set n=name}}{{append all n}}{{/each}}{{join all}}', 'ann,bob'],
    ['{{#if name}}{{set x=1}}{{/if}}{{x}}', '1'],
    ['{{set x=1}}{{#each users}}{{set x=2}}{{/each}}{{x}}', '1'],
    ['{{set ns=(dict found=false)}}{{#each users}}{{update ns found=true}}{{/each}}{{ns.found}}', 'true'],
    ['{{set d=(dict)}}{{update d ports}}{{d.web}}', '80'],
    ['{{#let a=name}}{{a}}{{#let a=2}}{{a}}{{/let}}{{/let}}', 'web2'],
    ['a\n  {{set x=1}}\nb{{x}}', 'a\nb1'],
    ['{{#each users}}\n  {{set x=name}}\n- {{x}}\n{{/each}}\n', '- ann\n- bob\n'],
    ['{{#each users}}{{@number}}/{{@length}} {{/each}}', '1/2 2/2 '],
  ])('%s', (text, result) => {
    expect(rendered(text)).toEqual(result);
  });

  test.each([
    [
      '{{append users 1}}',
      /append needs a list that the template has made \| Make it before: `{{set users=\(list\)}}`/,
    ],
    ['{{set a}}', /set has the wrong arguments/],
  ])('%s is refused', (text, message) => {
    expect(errorOf(() => rendered(text))).toMatch(message);
  });

  test('they are not variables that something has to give', () => {
    const { reads } = templateNeeds('{{#if a}}{{set x=b}}{{/if}}{{x}}{{#let y=1}}{{y}}{{/let}}', () => undefined);
    expect(reads.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('conditions have the same functions', () => {
  test.each([
    ['truthy(empty) || truthy(users)', true],
    ['json(ports, {"indent": 1})', '{\n "web": 80\n}'],
    ['get(ports, "api", 1) == 1', true],
    ['either(found, name)', 'web'],
    ['default(first([]), "x")', 'x'],
  ])('%s', (source, result) => {
    expect(condition(source)).toEqual(result);
  });
});

test('facts have xrun’s shape, and Ansible’s under ansible_', () => {
  const vars = store();
  vars.setFacts('one', { interfaces: { lo: {} }, os_family: 'Debian', ansible: { interfaces: ['lo'] } });
  const text =
    '{{json facts.interfaces}} {{json ansible_interfaces}} {{json ansible_facts.interfaces}} {{ansible_os_family}}';
  expect(renderer.render(text, vars.scopeFor('one'))).toBe('{"lo":{}} ["lo"] ["lo"] Debian');
});
