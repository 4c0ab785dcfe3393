import { readFileSync, readdirSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { readCases } from '../../runner/testing/cases.ts';
import type { Case } from '../../runner/testing/cases.ts';

export { plain } from '../../runner/testing/plain.ts';

/** The cases that every module has, unless its first document says why it lacks one. */
export const KINDS = ['create', 'right', 'drift', 'absent', 'already-absent', 'invalid'];

export interface CaseFile {
  module: string;
  lacks: string[];
  why?: string;
  cases: Case[];
}

const folder = new URL('../cases/modules/', import.meta.url);

/** Every file of cases. */
export function caseFiles(): CaseFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => {
      const documents = loadAll(readFileSync(new URL(file, folder), 'utf8')) as unknown[];
      const head = (documents.length > 1 ? documents[0] : {}) as { lacks?: string[]; why?: string };
      return { module: file.slice(0, -'.yml'.length), lacks: [], ...head, cases: readCases(new URL(file, folder)) };
    });
}
