import { builtInNames } from '../../../variables/built-ins.ts';
import { namedByTemplates } from '../../keywords/arguments.ts';
import type { TaskNode } from '../../../model/playbook.ts';
import { namesMade } from './play-contents.ts';
import type { Contents } from './play-contents.ts';
import type { IncludedVars } from '../included-vars.ts';
import type { ExternalContext } from '../outside.ts';

/** The names of variables that there are, wherever they are set. */
export class Names {
  /** False where only the run can know: nothing is reported as missing then. */
  readonly complete: boolean;
  readonly all: ReadonlySet<string>;
  /** Those that tasks set while they run. */
  readonly made: ReadonlySet<string>;

  constructor(contents: readonly Contents[], included: IncludedVars, outside: ExternalContext) {
    this.complete = contents.every(({ complete, nodes }) => complete && !nodes.some((node) => isOpen(node, included)));
    this.made = new Set(contents.flatMap(namesMade));
    const layers = [
      ...contents.flatMap(({ layers, nodes }) => [...layers, ...nodes.flatMap((node) => node.vars)]),
      ...included.values(),
    ];
    this.all = new Set([
      ...builtInNames,
      ...outside.variables,
      ...this.made,
      ...layers.flatMap(({ vars }) => Object.keys(vars)),
    ]);
  }

  has(name: string): boolean {
    return this.all.has(name) || /^(ansible|xrun)_/.test(name);
  }
}

/** A module whose variables are not known before the run. */
function isOpen(node: TaskNode, included: IncludedVars): boolean {
  return (
    node.kind === 'task' && (node.traits.changesVariables === 'files' ? !included.has(node) : namedByTemplates(node))
  );
}
