import { connectionVariables } from '../../inventory/login/connection.ts';

type Schema = Record<string, unknown>;

/** JSON Schema (draft 7) of an inventory in YAML. */
export function inventorySchema(): Schema {
  const vars = { type: ['object', 'null'], properties: connectionProperties() };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'xrun inventory',
    type: ['object', 'null'],
    additionalProperties: { $ref: '#/definitions/group' },
    definitions: {
      group: {
        type: ['object', 'null'],
        properties: {
          hosts: {
            type: ['object', 'null'],
            description: 'Hosts by name, or by ranges: web[01:20].',
            additionalProperties: vars,
          },
          children: {
            type: ['object', 'null'],
            description: 'Groups in this group.',
            additionalProperties: { $ref: '#/definitions/group' },
          },
          vars: { ...vars, description: 'Variables of every host in it.' },
        },
        additionalProperties: false,
      },
    },
  };
}

/** How to log in, offered where variables are written; any other name is a variable too. */
function connectionProperties(): Schema {
  return Object.fromEntries(connectionVariables.map(({ name, summary }) => [`xrun_${name}`, { description: summary }]));
}
