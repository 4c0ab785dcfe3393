import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groups, helpers } from '../../runner/language/templates/helpers/registry.ts';
import { parseCondition } from '../../runner/language/conditions/cel.ts';
import { helpersMarkdown } from '../../runner/language/templates/helpers/markdown.ts';
import { errorOf, render, renderer, scope } from './scene.ts';

const all = groups.flatMap(({ helpers: some }) => some);

describe('the example of each helper is true', () => {
  test.each(all.map((helper) => [helper.name, helper.example] as const))(
    '%s',
    (_name, { template, vars = {}, result }) => {
      expect(renderer.render(template, scope().with(vars))).toEqual(result);
    },
  );
});

test.each([
  ['{{lines ""}}', []],
  ['{{lines "a"}}', ['a']],
  ['{{pick a "x" "z"}}', { x: 1 }],
  // Written into a unit and its EnvironmentFile, systemd 252 gave the text back as it is.
  ['{{systemdQuote nasty}}', '"100%% \\"$$HOME\\" \\\\x41\\n`%%h\'"'],
  ['{{systemdQuote "A=" nasty of="setting"}}', '"A=100%% \\"$HOME\\" \\\\x41\\n`%%h\'"'],
  ['{{systemdQuote nasty of="file"}}', '"100% \\"\\$HOME\\" \\\\x41\n\\`%h\'"'],
])('%s', (template, result) => {
  expect(renderer.render(template, scope().with({ a: { x: 1, y: 1 }, nasty: '100% "$HOME" \\x41\n`%h\'' }))).toEqual(
    result,
  );
});

test('no two helpers have the same name', () => {
  expect(helpers.size).toBe(all.length);
});

test('conditions have every helper but those that CEL has operators for', () => {
  for (const helper of helpers.values()) {
    if (helper.templatesOnly) continue;
    const args = Array.from({ length: helper.min }, () => 'null').join(', ');
    const { valid, error } = parseCondition(`${helper.name}(${args})`).check();
    expect({ name: helper.name, valid, error }).toEqual({ name: helper.name, valid: true, error: undefined });
  }
});

test('docs/templates.md lists the helpers as they are (npm run docs)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/templates.md'), 'utf8');
  const [, listed = ''] = page.split(
    '<!-- Below: written by `npm run docs` from runner/language/templates/helpers/ -->\n',
  );
  expect(listed).toBe(`\n${helpersMarkdown()}`);
});

describe('addresses', () => {
  test.each([
    ['{{cidrNetwork "fd00:1::5/48"}}', 'fd00:1::/48'],
    ['{{cidrHost "fd00::/64" 4294967296}}', 'fd00::1:0:0'],
    ['{{cidrHost "10.0.0.0/24" -1}}', '10.0.0.255'],
    ['{{cidrSubnet "fd00::/48" 64 -1}}', 'fd00:0:0:ffff::/64'],
    ['{{length (cidrSubnets "172.16.0.0/12" 20)}}', 256],
    ['{{nth (cidrSubnets "172.16.0.0/12" 20) 17}}', '172.17.16.0/20'],
    ['{{last (cidrSubnets "172.16.0.0/12" 20)}}', '172.31.240.0/20'],
    ['{{cidrSubnets "10.0.0.0/8" 24 2}}', ['10.0.0.0/24', '10.0.1.0/24']],
    ['{{cidrNetmask "10.0.0.0/0"}}', '0.0.0.0'],
    ['{{cidrPrefix "10.0.0.0/255.255.240.0"}}', 20],
    ['{{cidrPrefix "10.0.0.1"}}', 32],
    ['{{cidrSize "fd00::/64"}}', '18446744073709551616'],
    ['{{cidrContains "10.0.0.0/8" "10.1.0.0/16"}}', true],
    ['{{cidrContains "10.1.0.0/16" "10.0.0.0/8"}}', false],
    ['{{cidrContains "0.0.0.0/0" "::1"}}', false],
    ['{{cidrContains "::/0" "::1"}}', true],
    ['{{cidrNextFree "10.0.0.0/30" (list)}}', '10.0.0.1'],
    ['{{cidrNextFree "10.0.0.0/12" (list "10.0.0.0/20" "10.0.16.1") 20}}', '10.0.32.0/20'],
    ['{{cidrNextFree "fd00::/64" (list "fd00::1")}}', 'fd00::2'],
    ['{{ipAdd "10.0.0.1/24" -1}}', '10.0.0.0/24'],
    ['{{ipAdd "::ffff" 1}}', '::1:0'],
    ['{{ipReverse "2001:db8::1"}}', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['{{isIp "010.0.0.1"}}', false],
    ['{{isIp "::ffff:10.0.0.1"}}', true],
  ])('%s is %j', (template, value) => {
    expect(render(JSON.stringify(template))).toEqual(value);
  });

  test.each([
    ['{{cidrHost "10.0.0.0/30" 4}}', 'cidrHost finds no address 4: 10.0.0.0/30 has 4'],
    ['{{cidrSubnet "10.0.0.0/24" 20 0}}', 'cidrSubnet expects a prefix from 24 to 32, found 20'],
    ['{{cidrSubnets "10.0.0.0/8" 30}}', 'cidrSubnets would make 4194304 subnets; the most is 65536'],
    [
      '{{cidrNextFree "10.0.0.0/30" (list "10.0.0.0/31" "10.0.0.2")}}',
      'cidrNextFree finds nothing free in 10.0.0.0/30',
    ],
    [
      '{{cidrNetwork "10.0.0.0/33"}}',
      "cidrNetwork expects an address or a network such as 10.0.0.0/16, found '10.0.0.0/33'",
    ],
    ['{{ipAdd "255.255.255.255" 1}}', 'ipAdd leaves the range of addresses'],
    ['{{range 0 1000000}}', 'range would make 1000000 numbers; the most is 100000'],
    ['{{div 1 0}}', 'div cannot divide by 0'],
    ['{{first (list)}}', 'first expects a list with items, found an empty one'],
    ['{{regexReplace "a" "(" ""}}', "regexReplace '(' is not a valid regular expression: missing ')'"],
    ['{{fromJson "{"}}', /^fromJson finds no JSON/],
    ['{{sort (list 1 "a")}}', 'sort sorts numbers or texts, found text and number'],
    ['{{env "HOME"}}', "env finds no 'HOME' in the environment of the controller"],
  ])('%s is refused', (template, message) => {
    expect(errorOf(() => render(JSON.stringify(template)))).toMatch(
      message instanceof RegExp ? / fromJson finds no JSON/ : message,
    );
  });
});
