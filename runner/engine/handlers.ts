import type { Task, TaskNode } from '../playbook/types.ts';

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

  /** A play begins: its handlers replace those of the one before. */
  begin(handlers: readonly TaskNode[]): void {
    this.#handlers = [...handlers];
    this.#waiting.clear();
    this.unsure.clear();
  }

  /** Handlers of a role included while the play runs. */
  extend(handlers: readonly TaskNode[]): void {
    const known = new Set(this.#handlers.map((h) => h.id));
    this.#handlers.push(...handlers.filter((h) => !known.has(h.id)));
  }

  /** Notifies by a handler's name or a topic it listens to; false where nobody listens. */
  notify(name: string, host: string, sure: boolean): boolean {
    const heard = this.#handlers.filter((h) => answersTo(h, name));
    // As in Ansible: of several handlers with one name, the last wins; every listener of a topic runs.
    const named = heard.filter((h) => h.name?.value === name).at(-1);
    for (const handler of heard) {
      if (handler.name?.value === name && handler !== named) continue;
      this.#add(this.#waiting, handler.id, host);
      if (!sure) this.#add(this.unsure, handler.id, host);
    }
    return heard.length > 0;
  }

  /** The handlers that wait for one of these hosts, in order, each with those hosts, which no longer wait then. */
  *take(among: readonly string[]): Generator<{ handler: TaskNode; hosts: string[] }> {
    for (const handler of this.#handlers) {
      const waiting = this.#waiting.get(handler.id);
      const hosts = among.filter((host) => waiting?.delete(host));
      if (hosts.length) yield { handler, hosts };
    }
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
  if (handler.name?.value === name) return true;
  if (handler.role && `${handler.role.name} : ${handler.name?.value}` === name) return true;
  return handler.kind === 'task' ? (handler as Task).listen.includes(name) : false;
}
