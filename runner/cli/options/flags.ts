import type {
  CONNECTION_OPTIONS,
  INVENTORY_OPTIONS,
  OPTIONS,
  OUTPUTS,
  OUTPUT_OPTIONS,
  OptionName,
  RUN_OPTIONS,
} from '../../model/options/command-options.ts';

/** One of {@link OUTPUTS}, or a plugin's reporter. */
export type OutputName = (typeof OUTPUTS)[number] | (string & {});

/** What commander hands over for these options. */
export type FlagsOf<Name extends OptionName> = {
  [N in Name as IsSet<N> extends true ? Camel<N> : never]: ValueOf<N>;
} & { [N in Name as IsSet<N> extends true ? never : Camel<N>]?: ValueOf<N> };

export type CommonFlags = { verbose: number } & FlagsOf<'color'>;
export type InventoryFlags = FlagsOf<(typeof INVENTORY_OPTIONS)[number]>;
export type ConnectionFlags = FlagsOf<(typeof CONNECTION_OPTIONS)[number]>;
export type OutputFlags = CommonFlags & FlagsOf<(typeof OUTPUT_OPTIONS)[number]>;
export type RunFlags = FlagsOf<(typeof RUN_OPTIONS)[number]>;

type Definition<N extends OptionName> = (typeof OPTIONS)[N];

/** Lists, counts and `--no-` options have a value where they are not given, too. */
type IsSet<N extends OptionName> =
  Definition<N> extends { many: string } | { of: 'count' } | { negated: true } ? true : false;

type ValueOf<N extends OptionName> =
  Definition<N> extends { many: string }
    ? string[]
    : Definition<N> extends { of: 'count' | 'whole' | 'number' }
      ? number
      : Definition<N> extends { choices: readonly (infer Choice)[] }
        ? Choice
        : Definition<N> extends { value: string }
          ? string
          : boolean;

type Camel<N extends string> = N extends `${infer Word}-${infer Rest}` ? `${Word}${Capitalize<Camel<Rest>>}` : N;
