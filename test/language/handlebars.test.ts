import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';
import { describe, expect, test } from 'vitest';
import { renderer, scope } from './scene.ts';

/** What Handlebars itself makes of a template, with the options that xrun's meaning is made after. */
function handlebars(text: string): string {
  const own = Handlebars.create();
  for (const file of partials)
    own.registerPartial(basename(file, '.hbs'), readFileSync(join(directory, 'partials', file), 'utf8'));
  return own.compile(text, { noEscape: true, strict: true })(vars);
}

const vars = {
  name: 'Ann',
  city: { name: 'Bern', zip: 3000 },
  users: [
    { name: 'ann', roles: ['a', 'b'], admin: true },
    { name: 'bob', roles: [], admin: false },
  ],
  ports: { http: 80, https: 443 },
  zero: 0,
  empty: '',
  none: [],
  yes: true,
  no: false,
};

const directory = join(import.meta.dirname, '../cases/vars/templates');
const partials = readdirSync(join(directory, 'partials'));

/** Written so that each corner of the syntax is in one of them; white space matters. */
const templates = [
  'plain text without anything',
  '{{name}}, {{{name}}}, {{&name}}; {{city.name}} {{city/zip}} {{this.name}} {{./name}} {{[name]}}',
  'a {{! comment }} b {{!-- another {{name}} --}} c',
  '\\{{name}} \\\\{{name}}',
  '  {{~name~}}  |{{#if yes~}}  x  {{~/if}}|',
  '{{#if yes}}a{{/if}}{{#if no}}b{{else}}c{{/if}}{{#if zero}}d{{else if empty}}e{{else if none}}f{{else}}g{{/if}}',
  '{{#unless no}}a{{/unless}}{{#unless yes}}b{{else}}c{{/unless}}',
  '{{#each users}}{{@index}},{{@key}},{{@first}},{{@last}},{{name}}{{#each roles}}({{this}}{{@../index}}{{../name}}{{../../name}}){{else}}-{{/each}};{{/each}}',
  '{{#each ports}}{{@key}}={{this}} {{@first}}-{{@last}},{{/each}}',
  '{{#each users as |user index|}}{{index}}{{user.name}}{{#each user.roles as |role|}}{{role}}{{user.name}}{{/each}}{{/each}}',
  '{{#each none}}x{{else}}none{{/each}}',
  '{{#with city}}{{name}}{{../name}}{{@root.name}}{{/with}}{{#with empty}}x{{else}}nothing{{/with}}',
  '{{#with city as |place|}}{{place.zip}}{{/with}}',
  '{{#users}}{{name}}{{/users}}{{#city}}{{zip}}{{/city}}{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}not{{/no}}{{^none}}empty{{/none}}',
  'head\n{{#each users}}\n  - {{name}}\n  {{#if admin}}\n    admin\n  {{/if}}\n{{/each}}\ntail\n',
  'head\n\n{{#if no}}\nx\n{{else}}\ny\n{{/if}}\n\n{{! standing alone }}\ntail',
  'a\r\n{{#if yes}}\r\nb\r\n{{/if}}\r\nc',
  '{{> user}} {{> user city}} {{> user name="other"}} {{#each users}}{{> user}}{{/each}}',
  'x\n  {{> lines}}\ny\n{{> lines city}}z',
  '{{#> block}}inside {{name}}{{/block}}{{#> missing}}fallback{{/missing}}',
  '{{#*inline "row"}}[{{name}}]{{/inline}}{{#each users}}{{> row}}{{/each}}{{> row city}}',
  '{{lookup ports "http"}} {{lookup users.[0] "name"}} ',
  '{{#if (lookup ports "http")}}yes{{/if}}',
  '{{zero}} {{yes}} {{no}} {{empty}}| {{users.length}} {{users.0.name}} {{users.[1].name}}',
  '{{#each users}}{{#unless @first}}, {{/unless}}{{#with this}}{{name}}{{/with}}{{/each}}',
  '{{#if city.name}}{{city.name}}{{/if}}',
];

describe('text is what Handlebars makes of it', () => {
  test.each(templates.map((text) => [text]))('%j', (text) => {
    expect(renderer.renderFile(text, join(directory, 'x.hbs'), scope(JSON.stringify(vars)))).toBe(handlebars(text));
  });
});
