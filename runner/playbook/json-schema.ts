import { z } from 'zod';
import type { AnyModule } from '../modules/module.ts';
import type { ModuleCatalog } from './catalog.ts';
import {
  blockKeywords,
  guardedKeywords,
  handlerKeywords,
  importPlaybookKeywords,
  includeArguments,
  includeKeywords,
  loopControlKeywords,
  playKeywords,
  promptKeywords,
  roleKeywords,
} from './keywords.ts';
import type { Keywords } from './keywords.ts';

type Json = Record<string, unknown>;

/**
 * The JSON Schema of playbooks, made from what validates them. Draft 7, which editors' YAML support knows best.
 * Modules' arguments may be templates everywhere.
 */
export async function playbookSchema(catalog: ModuleCatalog): Promise<Json> {
  const modules = await Promise.all(catalog.names.map(async (name) => [name, moduleSchema(await catalog.load(name))] as const));
  const tasks = { $ref: '#/definitions/tasks' };
  const nested = { block: tasks, rescue: tasks, always: tasks, guarded: keywordsSchema(guardedKeywords, { confirm: tasks }) };
  const lists = { pre_tasks: tasks, tasks, post_tasks: tasks, handlers: tasks, roles: { $ref: '#/definitions/roles' } };
  const prompts = { vars_prompt: { type: 'array', items: keywordsSchema(promptKeywords) } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'xrun playbook',
    type: 'array',
    items: choose('import_playbook', keywordsSchema(importPlaybookKeywords), { ...keywordsSchema(playKeywords, { ...lists, ...prompts }), required: ['hosts'] }),
    definitions: {
      tasks: { type: ['array', 'null'], items: choose('block', keywordsSchema(blockKeywords, nested), taskSchema(Object.fromEntries(modules))) },
      roles: { type: ['array', 'null'], items: { anyOf: [{ type: 'string' }, { ...keywordsSchema(roleKeywords), additionalProperties: true }] } },
    },
  };
}

function taskSchema(modules: Record<string, Json>): Json {
  const includes = Object.entries(includeArguments).map(([name, args]) => [name, { anyOf: [{ type: 'string' }, keywordsSchema(args)] }]);
  const task = keywordsSchema({ ...includeKeywords, ...handlerKeywords }, { loop_control: keywordsSchema(loopControlKeywords) });
  return {
    ...task,
    properties: { ...modules, ...Object.fromEntries(includes), ...(task.properties as Json) },
    // A module by its collection's name.
    patternProperties: { '^[a-z_]+\\.[a-z_]+\\.[a-z_]+$': {} },
  };
}

/** A mapping with these keywords and no others; `more` takes the place of some. */
function keywordsSchema(keywords: Keywords, more: Record<string, Json> = {}): Json {
  const properties = Object.entries(keywords).map(([name, schema]) => {
    const made = toJson(schema);
    return [name, more[name] ? { ...more[name], description: made.description } : made];
  });
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
}

function moduleSchema(module: AnyModule): Json {
  const args = templated(toJson(module.args)) as Json;
  const text = { type: 'string', description: module.freeForm ? `The argument ${module.freeForm}, or name=value` : 'name=value' };
  // Arguments may stand in `args:` as well, so none is required here.
  const { required: _, ...object } = args;
  return { description: module.summary, anyOf: [object, text, { type: ['null', 'number', 'boolean', 'array'] }] };
}

/** Lets a template stand for every value inside. */
function templated(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(templated);
  if (typeof schema !== 'object' || schema === null) return schema;
  const made = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === 'properties' ? values(value as Json) : templated(value)]));
  return made;
}

function values(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, orTemplate(templated(schema) as Json)]));
}

function orTemplate(schema: Json): Json {
  const { description, default: byDefault, ...rest } = schema;
  if (rest.type === 'string' && Object.keys(rest).length === 1) return schema;
  const notes = { ...(description !== undefined && { description }), ...(byDefault !== undefined && { default: byDefault }) };
  return { ...notes, anyOf: [rest, { type: 'string', pattern: '\\{\\{' }] };
}

function toJson(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
  return json;
}

/** By whether a mapping has `key`: so that an editor complains about the right one of two forms. */
function choose(key: string, then: Json, otherwise: Json): Json {
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own word; nothing awaits this
  return { type: 'object', if: { required: [key] }, then, else: otherwise };
}
