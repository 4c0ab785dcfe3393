import * as z from 'zod';
import { homePath, path } from './scalars.ts';

/** What of a path on the host the engine resolves: all of it, or only `~` at its beginning. */
export type PathKind = 'path' | 'home';

const known = new WeakMap<z.ZodType, Map<string, PathKind>>();

/** Arguments of a module's schema that are paths on the host: those made from `path`, `rawPath` or `homePath`. */
export function pathArguments(schema: z.ZodType): ReadonlyMap<string, PathKind> {
  const before = known.get(schema);
  if (before) return before;
  const found = new Map<string, PathKind>();
  for (const [name, field] of Object.entries(fieldsOf(schema))) {
    const kind = kindOf(field);
    if (kind) found.set(name, kind);
  }
  known.set(schema, found);
  return found;
}

/** What an argument that is left out is, where that is below the home of the user that the task runs as: `~/.ssh/known_hosts`. */
export function homeDefault(schema: z.ZodType, name: string): string | undefined {
  const field = fieldsOf(schema)[name];
  const preset = field instanceof z.ZodDefault ? (field.def.defaultValue as unknown) : undefined;
  return typeof preset === 'string' && preset.startsWith('~/') ? preset : undefined;
}

function fieldsOf(schema: z.ZodType): Record<string, z.ZodType> {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>;
  return schema instanceof z.ZodPipe ? fieldsOf(schema.in as z.ZodType) : {};
}

/** Descriptions and defaults around a schema leave its definition the same object. */
function kindOf(schema: z.ZodType): PathKind | undefined {
  if (schema.def === homePath.def) return 'home';
  if (schema.def === (path.in as z.ZodType).def) return 'path';
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return kindOf(schema.def.innerType as z.ZodType);
  if (schema instanceof z.ZodArray) return kindOf(schema.element as z.ZodType);
  if (schema instanceof z.ZodPipe) return kindOf(schema.in as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).map(kindOf).find(Boolean);
  return undefined;
}
