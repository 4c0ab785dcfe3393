import { describe, expect, test } from 'vitest';
import { renderer, scope } from './scene.ts';

const vars = `
x: {b: [1, 2], a: true, n: {y: null, l: []}, s: "it's", f: 1.5, e: {}}
deep: {list: [{name: a, l: [[1, 2], [3, {k: v}]]}, {name: b}], flat: [1, two, null]}
texts: {num: "10", long: this is a very long text that goes on and on until it has to be folded because it is longer than eighty columns, multi: "one\\ntwo\\n", "yes": "yes", tab: "a\\tb", uni: grüße, hash: "a #b"}
users: [{n: ann, g: a, k: [x, y]}, {n: bob, g: b, k: []}]
`;

// What ansible-core 2.14 gives for the same filters.
describe('what Ansible writes, byte for byte', () => {
  test.each([
    ['toNiceYaml x', "a: true\nb:\n- 1\n- 2\ne: {}\nf: 1.5\nn:\n    l: []\n    y: null\ns: it's\n"],
    ['toYaml x', "a: true\nb: [1, 2]\ne: {}\nf: 1.5\nn:\n  l: []\n  y: null\ns: it's\n"],
    ['toNiceYaml deep.list indent=2', '- l:\n  - - 1\n    - 2\n  - - 3\n    - k: v\n  name: a\n- name: b\n'],
    [
      'toNiceYaml texts',
      "hash: 'a #b'\nlong: this is a very long text that goes on and on until it has to be folded because\n    it is longer than eighty columns\nmulti: 'one\n\n    two\n\n    '\nnum: '10'\ntab: \"a\\tb\"\nuni: grüße\n'yes': 'yes'\n",
    ],
    ['toJson texts.uni', '"gr\\u00fc\\u00dfe"'],
    ['pyText x', `{'b': [1, 2], 'a': True, 'n': {'y': None, 'l': []}, 's': "it's", 'f': 1.5, 'e': {}}`],
    ['commentBlock "a\\n\\nb" "cblock"', '/*\n *\n * a\n *\n * b\n *\n */'],
    ['format "%-5s|%5s|%+d|%05.1f|%x" "a" "b" 3 2.26 255', 'a    |    b|+3|002.3|ff'],
    ['formatText "{0}-{1:>4}-{a}" "x" "y" a=3', 'x-   y-3'],
    ['random 59 seed="host.a"', '24'],
    ['join (shuffle (list 1 2 3 4 5 6 7) seed="x")', '7,2,1,4,5,3,6'],
    ['center "ab" 7', '   ab  '],
    ['humanReadable 1234567', '1.18 MB'],
    ['round 2.5', '2'],
    ['toJson (regexFindAll "a1b22" "([a-z])(\\d)" groups=true)', '[["a", "1"], ["b", "2"]]'],
    ['toJson (sort (list "b" "A" "a") caseSensitive=false)', '["A", "a", "b"]'],
    ['toJson (slice (list 1 2 3) null null -1)', '[3, 2, 1]'],
    ['toJson (jsonQuery users "[?g==`a`].n")', '["ann"]'],
    ['join (mapWith (map users "n") "upper")', 'ANN,BOB'],
    ['length (subelements users "k")', '2'],
    [
      'toJson (combine x (dict b=(list 9) n=(dict z=1)) recursive=true listMerge="append") sortKeys=true',
      '{"a": true, "b": [1, 2, 9], "e": {}, "f": 1.5, "n": {"l": [], "y": null, "z": 1}, "s": "it\'s"}',
    ],
  ])('%s', (template, result) => {
    expect(renderer.render(`<{{${template}}}>`, scope(vars))).toBe(`<${result}>`);
  });
});
