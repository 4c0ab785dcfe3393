import { catalog } from '../../modules/catalog.ts';
import type { AnyModule } from '../../model/module.ts';
import {
  blockKeywords,
  guardedKeywords,
  handlerKeywords,
  importPlaybookKeywords,
  includeArguments,
  importKeywords,
  loopControlKeywords,
  playKeywords,
  promptKeywords,
  roleKeywords,
} from '../../playbook/keywords/keywords.ts';
import type { ModuleCatalog } from '../../model/catalog.ts';
import type { Keywords } from '../../playbook/keywords/keywords.ts';
import { writtenSchema } from './argument-docs.ts';

type Schema = Record<string, unknown>;

/** Any value may be a template that gives the right one later. */
const template: Schema = { type: 'string', pattern: '\\{\\{' };
const tasks: Schema = { type: ['array', 'null'], items: { $ref: '#/definitions/task' } };
const handlers: Schema = { type: ['array', 'null'], items: { $ref: '#/definitions/handler' } };

/** JSON Schema (draft 7, which editors know) of a playbook, drawn from the definitions that validate it. */
export async function playbookSchema(from: ModuleCatalog = catalog): Promise<Schema> {
  const { names, definitions } = await modules(from);
  const task = { ...described(importKeywords), ...described(handlerKeywords), ...includes(), ...names };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'xrun playbook',
    type: 'array',
    items: {
      if: { required: ['hosts'] },
      then: { $ref: '#/definitions/play' },
      else: { $ref: '#/definitions/import' },
    },
    definitions: {
      play: closed(
        {
          ...described(playKeywords),
          ...lists('pre_tasks', 'tasks', 'post_tasks'),
          handlers,
          vars_prompt: prompts(),
          roles: roles(),
        },
        ['hosts'],
      ),
      import: closed(described(importPlaybookKeywords), ['import_playbook']),
      task: {
        if: { required: ['block'] },
        then: { $ref: '#/definitions/block' },
        else: taskLike({ ...task, listen: false }),
      },
      handler: {
        if: { required: ['block'] },
        then: { $ref: '#/definitions/block' },
        else: taskLike(task),
      },
      block: closed(
        { ...described(blockKeywords), ...lists('block', 'rescue', 'always'), guarded: guarded(), ...loopControl() },
        ['block'],
      ),
      ...definitions,
    },
  };
}

function described(keywords: Keywords): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(keywords).map(([name, schema]) => [name, withoutSchema(writtenSchema(schema))]),
  );
}

function withoutSchema(schema: object): Schema {
  const { $schema: _, ...rest } = schema as Schema;
  return rest;
}

function closed(properties: Record<string, unknown>, required: string[] = []): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** A task also takes modules by a collection's name (`ansible.builtin.copy`). */
function taskLike(properties: Record<string, unknown>): Schema {
  return {
    ...closed({ ...properties, ...loopControl() }),
    patternProperties: { '^[a-z_][a-z0-9_]*(\\.[a-z0-9_]+){2,}$': {} },
  };
}

function lists(...names: string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, tasks]));
}

function loopControl(): Record<string, Schema> {
  return { loop_control: closed(described(loopControlKeywords)) };
}

function guarded(): Schema {
  return closed({ ...described(guardedKeywords), confirm: tasks });
}

function prompts(): Schema {
  return { type: 'array', items: closed(described(promptKeywords), ['name']) };
}

/** Besides keywords a role's entry holds the role's variables. */
function roles(): Schema {
  return {
    type: ['array', 'null'],
    items: { anyOf: [{ type: 'string' }, { type: 'object', properties: described(roleKeywords) }] },
  };
}

function includes(): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(includeArguments).map(([name, keywords]) => [
      name,
      { anyOf: [{ type: 'string' }, closed(described(keywords))] },
    ]),
  );
}

/** What each module takes is defined once, and is used for all of its names, for tasks and for handlers. */
async function modules(
  from: ModuleCatalog,
): Promise<{ names: Record<string, Schema>; definitions: Record<string, Schema> }> {
  const all = await Promise.all(from.names.map(async (name) => [name, await from.load(name)] as const));
  const key = (module: AnyModule) => `module-${module.name}`;
  return {
    names: Object.fromEntries(all.map(([name, module]) => [name, { $ref: `#/definitions/${key(module)}` }])),
    definitions: Object.fromEntries(all.map(([, module]) => [key(module), moduleSchema(module)])),
  };
}

function moduleSchema(module: AnyModule): Schema {
  const { properties = {}, required = [], additionalProperties } = writtenSchema(module.args);
  const evaluated = [...(module.conditions ?? []), ...(module.evaluates ?? [])];
  const args = Object.entries(properties).map(([key, value]): [string, object] => {
    // What these hold is evaluated before the schema sees it.
    return [key, { description: value.description, ...(!evaluated.includes(key) && { anyOf: [value, template] }) }];
  });
  const named = new Map(args);
  for (const [name, own] of Object.entries(module.synonyms ?? {})) named.set(name, named.get(own) ?? {});
  // Arguments may also stand under `args:`, so none is required in this place alone.
  const mapping = {
    type: ['object', 'null'],
    properties: Object.fromEntries(named) as Schema,
    ...(additionalProperties === false && { additionalProperties }),
  };
  const form = required.length > 0 ? `Needs ${required.join(', ')}.` : '';
  return {
    description: [`${module.summary}.`, form].filter(Boolean).join(' '),
    anyOf: [mapping, { type: ['string', 'number', 'boolean'] }],
  };
}
