import type { TaskNode } from '../../model/playbook.ts';
import { eachHandler } from '../../playbook/nodes.ts';

/** A handler, by its label, that a host has to run. */
interface Owed {
  handler: string;
  host: string;
}

/**
 * Who has been notified of what. Hosts run a handler once a flush, in the order the handlers are written, whatever
 * the order of the notifications.
 */
export class Handlers {
  #handlers: TaskNode[] = [];
  /** Handler id -> hosts. */
  #waiting = new Map<string, Set<string>>();
  /** Handler id -> hosts whose notifying task may or may not change anything (check mode). */
  readonly unsure = new Map<string, Set<string>>();

  #nameOf: (handler: TaskNode, host: string) => string = (handler) => handler.name?.value ?? '';
  /** What earlier runs owe hosts and no handler that is known yet is called. */
  #owed: Owed[] = [];

  /**
   * A batch begins: these handlers replace those of the one before. `nameOf` renders their names, which may hold templates.
   * What earlier runs owe (`owed`) is notified again, as soon as there is a handler of that label.
   */
  begin(
    handlers: readonly TaskNode[],
    nameOf: (handler: TaskNode, host: string) => string,
    owed: readonly Owed[] = [],
  ): void {
    this.#handlers = eachHandler(handlers);
    this.#nameOf = nameOf;
    this.#waiting.clear();
    this.unsure.clear();
    this.#owed = [...owed];
    this.#recall();
  }

  /** Handlers of a role included while the play runs: those of one role once, however often it is included. */
  extend(handlers: readonly TaskNode[]): void {
    const placeOf = ({ at }: TaskNode) => `${at.file}:${at.line}:${at.col}`;
    const known = new Set(this.#handlers.map(placeOf));
    this.#handlers.push(...eachHandler(handlers).filter((h) => !known.has(placeOf(h))));
    this.#recall();
  }

  /** The labels of the handlers that a name or topic refers to. */
  labelsFor(name: string, host: string): string[] {
    return this.#matching(name, host).map((handler) => this.labelOf(handler));
  }

  /** Notifies by a handler's name or a topic it listens to. Returns the labels of those that heard it. */
  notify(name: string, host: string, sure: boolean): string[] {
    const heard = this.#matching(name, host);
    for (const handler of heard) {
      this.#add(this.#waiting, handler.id, host);
      if (!sure) this.#add(this.unsure, handler.id, host);
    }
    return heard.map((handler) => this.labelOf(handler));
  }

  /**
   * What a handler is called from one run to the next: its role and name as they are written, without a name its first
   * topic; of handlers that share that, the second and later ones are numbered.
   */
  labelOf(handler: TaskNode): string {
    const text = ({ role, name, ...h }: TaskNode) =>
      `${role ? `${role.name} : ` : ''}${name?.value ?? `listen ${(h.kind !== 'block' && h.listen?.[0]) || ''}`}`;
    const label = text(handler);
    const place = this.#handlers.filter((h) => text(h) === label).indexOf(handler);
    return place > 0 ? `${label} (${place + 1})` : label;
  }

  /** What earlier runs owe, and no handler of this play is called so far. */
  get unknown(): readonly Owed[] {
    return this.#owed;
  }

  /** All handlers in order, those included that come in meanwhile. */
  *all(): Generator<TaskNode> {
    yield* this.#handlers;
  }

  /** Those of the hosts that a handler waits for; they no longer wait then. */
  take(handler: TaskNode, among: readonly string[]): string[] {
    const waiting = this.#waiting.get(handler.id);
    return among.filter((host) => waiting?.delete(host));
  }

  /** A handler that was taken, and has not done its work on this host. */
  owe(handler: TaskNode, host: string): void {
    this.#add(this.#waiting, handler.id, host);
  }

  /** Notifies of what is owed, where there is a handler for it by now. */
  #recall(): void {
    if (this.#owed.length === 0) return;
    const labels = new Map(this.#handlers.map((handler) => [this.labelOf(handler), handler]));
    for (const { handler, host } of this.#owed) {
      const found = labels.get(handler);
      if (found) this.#add(this.#waiting, found.id, host);
    }
    this.#owed = this.#owed.filter(({ handler }) => !labels.has(handler));
  }

  #matching(name: string, host: string): TaskNode[] {
    const namedSo = (h: TaskNode) => h.name !== undefined && (h.name.value === name || this.#nameOf(h, host) === name);
    const heard = this.#handlers.filter((h) => namedSo(h) || answersTo(h, name));
    // As in Ansible: of several handlers with one name, the last wins; every listener of a topic runs.
    const named = heard.filter(namedSo).at(-1);
    return heard.filter((handler) => !namedSo(handler) || handler === named);
  }

  #add(map: Map<string, Set<string>>, id: string, host: string): void {
    const hosts = map.get(id) ?? new Set();
    map.set(id, hosts.add(host));
  }
}

function answersTo(handler: TaskNode, name: string): boolean {
  if (handler.role && `${handler.role.name} : ${handler.name?.value}` === name) return true;
  return handler.kind !== 'block' && (handler.listen ?? []).includes(name);
}
