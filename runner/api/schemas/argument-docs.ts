import * as z from 'zod';

/** One argument of a module. Arguments inside of another have its name before theirs: `ports[].published`. */
export interface ArgumentDocs {
  name: string;
  /** In words: `text`, `list of text`, `present | absent`. */
  type: string;
  required: boolean;
  /** As it would be written in YAML's flow style. */
  default?: string;
  description: string;
}

/** What is used of JSON Schema here. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  items?: JsonSchema;
  pattern?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  required?: string[];
}

/** The JSON Schema of what people may write; what JSON Schema cannot say is left out. */
export function writtenSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' }) as JsonSchema;
}

/**
 * The arguments of an object schema, in their order, nested ones after the one that holds them.
 *
 * @param types words for arguments whose schema is not what people write: conditions and expressions
 */
export function argumentDocs(schema: z.ZodType, types: Readonly<Record<string, string>>): ArgumentDocs[] {
  const written = writtenSchema(schema);
  for (const [name, type] of Object.entries(types)) {
    const property = written.properties?.[name];
    if (property && written.properties)
      written.properties[name] = {
        type,
        ...(property.description !== undefined && { description: property.description }),
      };
  }
  return within(written, '', shapeOf(schema));
}

function within(schema: JsonSchema, prefix: string, shape: Record<string, z.ZodType>): ArgumentDocs[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const preset = defaultOf(shape[key]) ?? property.default;
    const own: ArgumentDocs = {
      name: prefix + key,
      type: typeInWords(property),
      required: schema.required?.includes(key) ?? false,
      ...(preset !== undefined && { default: JSON.stringify(preset) }),
      description: property.description ?? '',
    };
    return [own, ...nested(property, prefix + key)];
  });
}

function nested(property: JsonSchema, name: string): ArgumentDocs[] {
  return alternatives(property).flatMap((form) => {
    if (form.items?.properties) return within(form.items, `${name}[].`, {});
    return form.properties ? within(form, `${name}.`, {}) : [];
  });
}

/** What a value may look like, in words. Forms that are only another spelling (digits in quotes) are not listed. */
function typeInWords(schema: JsonSchema): string {
  const forms = alternatives(schema);
  const kinds = new Set(forms.flatMap((form) => kindsOf(form)));
  // Numbers are taken as they print where a text is, and so is true or false where both are.
  const anyText = forms.some((form) => [form.type].flat().includes('string') && !form.enum && !form.pattern);
  const printed = anyText ? ['number', 'whole number', ...(kinds.has('number') ? ['true or false'] : [])] : [];
  const words = [...kinds].filter((kind) => kind !== 'null' && !printed.includes(kind));
  const spelled = forms.some((form) => form.type === 'string' && form.pattern);
  const real = words.filter((kind) => kind !== 'text');
  const onlySpelled = spelled && forms.every((form) => form.type !== 'string' || form.pattern) && real.length === 1;
  return joined(onlySpelled && ['true or false', 'number', 'whole number'].includes(real[0] ?? '') ? real : words);
}

function joined(words: readonly string[]): string {
  return words.join(' or ') || 'anything';
}

function kindsOf(form: JsonSchema): string[] {
  if (form.enum) return [form.enum.map(String).join(' | ')];
  if (form.const !== undefined) return [form.const === '' ? "''" : String(form.const)];
  return [form.type ?? []].flat().map((type) => kindOf(type, form));
}

function kindOf(type: string, form: JsonSchema): string {
  switch (type) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'whole number';
    case 'array':
      return form.items && Object.keys(form.items).length > 0
        ? `list of ${form.items.properties ? 'mappings' : typeInWords(form.items)}`
        : 'list';
    case 'object':
      return 'mapping';
    default:
      return type;
  }
}

/** The forms that a union offers, however deep it is nested. */
function alternatives(schema: JsonSchema): JsonSchema[] {
  const inner = schema.anyOf ?? schema.oneOf;
  return inner ? inner.flatMap(alternatives) : [schema];
}

/** Fields of an object schema, also where checks or transformations were put around it. */
function shapeOf(schema: z.ZodType): Record<string, z.ZodType> {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>;
  if (schema instanceof z.ZodPipe) return shapeOf(schema.in as z.ZodType);
  return {};
}

/** Zod leaves defaults of transformed values out of what may be written. */
function defaultOf(schema: z.ZodType | undefined): unknown {
  if (schema instanceof z.ZodDefault) return schema.def.defaultValue;
  return schema instanceof z.ZodOptional ? defaultOf(schema.unwrap() as z.ZodType) : undefined;
}
