import { join } from 'node:path';
import { checkout } from '../../lab/paths.ts';

/** Holds an empty file for every lab the tests of this checkout have booted; lab-end.ts takes them down after the run. */
export const usedLabs = join(checkout, '.lab', '.used-by-tests');
