import { layersOf } from '../engine/task/scope.ts';
import type { Inventory } from '../model/inventory.ts';
import { sharding } from '../inventory/selection/shard.ts';
import type { Play } from '../model/playbook.ts';
import { hostOf } from '../inventory/implicit.ts';
import type { Outer, ExternalContext } from '../playbook/check/outside.ts';
import type { Vault } from '../language/vault/vault.ts';
import { hostsOfRun, patternOf } from './hosts.ts';
import type { Known } from './hosts.ts';
import type { LoadRequest } from './request.ts';
import { FactsNeeded } from '../model/variables.ts';
import { positionOf } from '../language/yaml/positions.ts';

/** What checks of playbooks ask of the inventory and the command line. */
export function outsideOf(known: Known, request: LoadRequest, vault: Vault): ExternalContext {
  const { inventory, vars } = known;
  const chosen = new Map<string, readonly string[]>();
  const strongest = new WeakMap<object, Outer>();
  const { shard: _, ...whole } = request;
  const unsharded = (play: Play) => hostsOfRun([play], known, whole);
  const outside: ExternalContext = {
    variables: variablesOf(inventory, request),
    given: (request.extraVars ?? []).flatMap((given) => Object.keys(given).filter((name) => !isOfFile(given, name))),
    *texts() {
      yield* request.extraVars ?? [];
      const values = new Set([...inventory.hosts.keys()].flatMap((host) => [...outside.valuesOf(host)]));
      for (const { value } of values) yield value;
    },
    hosts: [...inventory.hosts.keys()],
    groups: [...inventory.groups.keys()],
    hostsOf(play) {
      const pattern = patternOf(play, known) ?? 'all';
      const hosts = chosen.get(pattern) ?? hostsOfRun([play], known, request);
      chosen.set(pattern, hosts);
      return hosts;
    },
    *valuesOf(host) {
      for (const [name, candidates] of hostOf(inventory, host).vars) {
        const sourced = candidates.at(-1);
        if (!sourced || sourced.literal) continue;
        const outer = strongest.get(sourced) ?? { name, ...sourced };
        strongest.set(sourced, outer);
        yield outer;
      }
    },
    winner(play, node, host, name) {
      vars.startPlay(layersOf(play));
      try {
        const task = {
          vars: node.vars,
          roleDefaults: node.role?.defaults ?? [],
          ...(node.role && { role: node.role }),
        };
        return vars.scopeFor(host, task).candidates(name).at(-1);
      } catch (error) {
        if (error instanceof FactsNeeded) return undefined;
        throw error;
      } finally {
        vars.startPlay({});
      }
    },
    ...(request.shard && { shards: { of: sharding(request.shard, inventory), hostsOf: unsharded } }),
    becomes: request.connection?.become ?? false,
    // The secrets that a part of the tasks needs cannot be known.
    openVault: (text) => void (isWhole(request) && vault.open(text)),
  };
  return outside;
}

function variablesOf(inventory: Inventory, request: LoadRequest): Set<string> {
  const hosts = [...inventory.hosts.values()].flatMap((host) => [...host.vars.keys()]);
  return new Set([
    ...hosts,
    ...(inventory.allVars?.keys() ?? []),
    ...(request.extraVars ?? []).flatMap((vars) => Object.keys(vars)),
  ]);
}

function isWhole({ tags, skipTags, startAtTask }: LoadRequest): boolean {
  return !tags?.length && !skipTags?.length && startAtTask === undefined;
}

/** Of `-e @file`, whose values know their places. */
function isOfFile(given: Record<string, unknown>, name: string): boolean {
  const file = positionOf(given, name)?.file;
  return file !== undefined && file !== '--extra-vars';
}
