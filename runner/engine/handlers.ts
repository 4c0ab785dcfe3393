import type { TaskNode } from '../playbook/types.ts';

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

  /** A play begins: its handlers replace those of the one before. `nameOf` renders their names, which may hold templates. */
  begin(handlers: readonly TaskNode[], nameOf: (handler: TaskNode, host: string) => string): void {
    this.#handlers = [...handlers];
    this.#nameOf = nameOf;
    this.#waiting.clear();
    this.unsure.clear();
  }

  /** Handlers of a role included while the play runs: those of one role once, whoever includes it. */
  extend(handlers: readonly TaskNode[]): void {
    const placeOf = ({ at }: TaskNode) => `${at.file}:${at.line}:${at.col}`;
    const known = new Set(this.#handlers.map(placeOf));
    this.#handlers.push(...handlers.filter((h) => !known.has(placeOf(h))));
  }

  /** Notifies by a handler's name or a topic it listens to; false where nobody listens. */
  notify(name: string, host: string, sure: boolean): boolean {
    const namedSo = (h: TaskNode) => h.name !== undefined && (h.name.value === name || this.#nameOf(h, host) === name);
    const heard = this.#handlers.filter((h) => namedSo(h) || answersTo(h, name));
    // As in Ansible: of several handlers with one name, the last wins; every listener of a topic runs.
    const named = heard.filter(namedSo).at(-1);
    for (const handler of heard) {
      if (namedSo(handler) && handler !== named) continue;
      this.#add(this.#waiting, handler.id, host);
      if (!sure) this.#add(this.unsure, handler.id, host);
    }
    return heard.length > 0;
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

  /** Handler names and hosts that still wait: what the journal keeps when a run ends early. */
  pending(): { handler: string; hosts: string[] }[] {
    return this.#handlers.flatMap((h) => {
      const hosts = [...(this.#waiting.get(h.id) ?? [])];
      return hosts.length && h.name ? [{ handler: h.name.value, hosts }] : [];
    });
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
