import type { Cause, Find, Scene } from './cause.ts';
import { containers } from './containers.ts';
import { dockerNetwork } from './docker-network.ts';
import { identity } from './identity.ts';
import { interfaces } from './interfaces.ts';
import { losses } from './losses.ts';
import { silences } from './silences.ts';
import { subnets } from './subnets.ts';
import { swarm } from './swarm.ts';
import { ways } from './ways.ts';

/** From what stops everything to what stops some packets. */
const KINDS: Find[] = [identity, swarm, subnets, interfaces, ways, losses, dockerNetwork, containers, silences];

/** All causes that show, those that break paths before warnings. Hosts that were not reached come first. */
export function causesOf(scene: Scene): Cause[] {
  const found = KINDS.reduce((before, find) => [...before, ...find(scene, before)], lost(scene));
  return [
    ...found.filter(({ severity }) => severity === 'cause'),
    ...found.filter(({ severity }) => severity === 'warning'),
  ];
}

function lost({ hosts, views }: Scene): Cause[] {
  return hosts
    .filter((host) => !views.has(host))
    .map((host) => ({
      severity: 'cause',
      hosts: [host],
      text: `${host} was not reached, or could not be looked at`,
      fix: `see what the run says of ${host}, and whether it can be logged in to`,
      paths: [],
    }));
}
