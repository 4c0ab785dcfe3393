import type { Contents } from './play-contents.ts';
import type { IncludedVars } from '../included-vars.ts';
import type { Names } from './names.ts';
import type { ExternalContext, Reader } from '../outside.ts';
import type { Step } from './walk.ts';
import { writtenIn, writtenOf } from './written.ts';
import type { Written } from './written.ts';

/** The values that variables may have in one play, and which of them are the strongest. */
export class PlayValues {
  private readonly contents: Contents;
  private readonly outside: ExternalContext;
  private readonly hosts: readonly string[];
  private readonly byName = new Map<string, Written[]>();
  /** Whether what tasks read or set counts is not known before the run. */
  private readonly loose = new Set<Written>();
  /** Those that a task brings which has a condition. */
  private readonly conditional = new Set<Written>();
  /** Names that tasks set: stronger than all that is written. */
  private readonly made: ReadonlySet<string>;

  /** @param names where they are not complete, nothing is said of any value */
  constructor(
    contents: Contents,
    { outside, included }: { outside: ExternalContext; included: IncludedVars },
    { complete, made }: Pick<Names, 'complete' | 'made'>,
  ) {
    this.contents = contents;
    this.outside = outside;
    this.made = made;
    this.hosts = outside.hostsOf(contents.play);
    if (!complete) return;
    const own = new Set([...contents.play.vars, ...contents.play.roleDefaults]);
    for (const [task, { vars }] of included)
      if (task.when.length > 0) for (const written of writtenIn(vars).values()) this.conditional.add(written);
    for (const layer of [...contents.layers, ...included.values()]) {
      for (const written of writtenIn(layer.vars).values()) {
        this.add(written);
        if (!own.has(layer)) this.loose.add(written);
      }
    }
    for (const written of new Set(this.hosts.flatMap((host) => writtenOn(host, outside)))) this.add(written);
  }

  /** Whether the play comes to a host. */
  get anyHost(): boolean {
    return this.hosts.length > 0;
  }

  /** Whether it takes a task with a condition for these to be the variables' values. */
  isConditional(steps: readonly Step[]): boolean {
    return steps.some(({ written }) => this.conditional.has(written));
  }

  names(): string[] {
    return [...this.byName.keys()];
  }

  /** What a variable may be for a task, of those values that read others. */
  finder({ vars }: Reader): (name: string) => readonly Written[] {
    const own = vars.map((layer) => writtenIn(layer.vars)).filter((layer) => layer.size > 0);
    return (name) => {
      const play = this.byName.get(name) ?? [];
      const here = own.flatMap((layer) => layer.get(name) ?? []);
      return here.length > 0 ? [...new Set([...here, ...play])] : play;
    };
  }

  /** Whether there is a host where each of these values may be the variable's. */
  mayWin(node: Reader, steps: readonly Step[]): boolean {
    if (steps.length === 0 || this.hosts.length === 0) return true;
    return this.hosts.some((host) =>
      steps.every(
        ({ written }) => this.loose.has(written) || this.made.has(written.name) || this.wins(written, node, host),
      ),
    );
  }

  /** On which hosts each of these values is certain to be the variable's. */
  hostsWhere(node: Reader, steps: readonly Step[]): 'all' | 'some' | 'none' {
    if (steps.some(({ written }) => this.loose.has(written) || this.made.has(written.name))) return 'none';
    const here = this.hosts.filter((host) => steps.every(({ written }) => this.wins(written, node, host)));
    return here.length === 0 ? 'none' : here.length === this.hosts.length ? 'all' : 'some';
  }

  /** Values may be the same text: their positions distinguish them. */
  private wins({ name, value, at }: Written, node: Reader, host: string): boolean {
    const winner = this.outside.winner(this.contents.play, node, host, name);
    if (winner === undefined || winner.value !== value) return false;
    return winner.at?.file === at?.file && winner.at?.line === at?.line && winner.at?.col === at?.col;
  }

  private add(written: Written): void {
    const known = this.byName.get(written.name);
    if (known) known.push(written);
    else this.byName.set(written.name, [written]);
  }
}

const onHosts = new WeakMap<ExternalContext, Map<string, Written[]>>();
const ofValues = new WeakMap<object, Written | undefined>();

/** Hosts share the values of their groups: each is looked at once. */
function writtenOn(host: string, outside: ExternalContext): Written[] {
  const known = onHosts.get(outside) ?? new Map<string, Written[]>();
  onHosts.set(outside, known);
  const here = known.get(host);
  if (here) return here;
  const found = [...outside.valuesOf(host)].flatMap((outer) => {
    if (!ofValues.has(outer)) ofValues.set(outer, writtenOf(outer.name, outer.value, outer.at));
    return ofValues.get(outer) ?? [];
  });
  known.set(host, found);
  return found;
}
