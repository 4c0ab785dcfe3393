import type { Play, Task, TaskNode, VarsLayer } from '../../../model/playbook.ts';

/** What surrounds a node of a play. */
export interface Around {
  /** The variables of loops that it is in, its own included. */
  loops: readonly string[];
  /** It is in a block whose `rescue` deals with a failure. */
  rescued: boolean;
  /** It is not known whether it will run: a handler, what a rescue holds, a loop that may have no items, an include with a condition. */
  doubtful: boolean;
  /** It was included under a condition: where that does not hold, what it reads is not read. */
  conditional?: boolean;
}

/** Everything that one play holds, with includes whose names are known. */
export interface Contents {
  play: Play;
  /** Blocks, tasks and includes, handlers among them. */
  nodes: TaskNode[];
  handlers: TaskNode[];
  around: Map<TaskNode, Around>;
  /** Variables of the play and of the roles in it. */
  layers: VarsLayer[];
  /** False where something is only known when the play runs: a templated include or file of variables. */
  complete: boolean;
  /** False where tasks are only known then; those of a file that cannot be read are to be known when it can. */
  tasksKnown: boolean;
}

/** The tasks of a play. */
export function tasksOf({ nodes }: Contents): Task[] {
  return nodes.filter((node) => node.kind === 'task');
}

/** Names that tasks of a play make while it runs. */
export function namesMade(contents: Contents): string[] {
  const ofIncludes = contents.nodes.flatMap((node) =>
    node.kind === 'include' && node.register !== undefined ? [node.register] : [],
  );
  return [
    ...tasksOf(contents).flatMap(namesOfTask),
    ...ofIncludes,
    ...contents.play.varsPrompt.map(({ name }) => name),
  ];
}

function namesOfTask({ traits, args, register }: Task): string[] {
  const sets = traits.changesVariables === 'arguments' || traits.changesVariables === 'hosts';
  return [
    ...(register === undefined ? [] : [register]),
    ...(sets ? Object.keys(args) : []),
    ...(traits.addsFacts ?? []),
  ];
}
