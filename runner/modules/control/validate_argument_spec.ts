import * as z from 'zod';
import { defineModule } from '../../model/module.ts';
import { argumentErrors } from './arguments/spec.ts';
import type { ArgumentSpec } from './arguments/spec.ts';

const specs = z.record(
  z.string(),
  z.custom<ArgumentSpec>((value) => typeof value === 'object' && value !== null),
);

const args = z.strictObject({
  argument_spec: specs.describe('What the arguments must be, by name: type, required, choices, elements, options.'),
  provided_arguments: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('The arguments; one that is `omit` is missing.'),
});

export default defineModule({
  name: 'validate_argument_spec',
  summary: 'Fail unless arguments are what a specification says',
  traits: { judges: true, effects: 'none' },
  notes: [
    'A role that has `argument_specs` in `meta/` begins with this by itself, for the variables that it names. `rolespec_validate: false` on an import or include of the role leaves it out.',
  ],
  examples: `
- validate_argument_spec:
    argument_spec:
      port: {type: int, required: true}
      protocol: {type: str, choices: [tcp, udp]}
    provided_arguments: {port: "{{port}}", protocol: "{{default protocol omit}}"}
`,
  args,
  decide({ argument_spec, provided_arguments }) {
    const errors = argumentErrors(argument_spec, provided_arguments);
    if (errors.length === 0) return { kind: 'ok', result: { msg: 'The arg spec validation passed' } };
    return {
      kind: 'fail',
      message: `validation of arguments failed: ${errors.join('; ')}`,
      result: { msg: `Validation of arguments failed:\n${errors.join('\n')}`, argument_errors: errors },
    };
  },
});
