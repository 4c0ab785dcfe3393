import { flag, path } from '../../../model/arguments/scalars.ts';
import { attributeArgs } from '../../path/attributes.ts';

/** The arguments of a module that has openssl make a file. */
export const madeArgs = {
  path: path.describe('The file.'),
  force: flag.default(false).describe('Make it anew in every run.'),
  backup: flag.default(false).describe('Keep the old file as `PATH.TIMESTAMP~`.'),
  ...attributeArgs,
};

/** Values of {@link madeArgs}. */
export interface MadeArgs {
  path: string;
  force: boolean;
  backup: boolean;
  mode?: string | undefined;
  owner?: string | undefined;
  group?: string | undefined;
}
