import { senderOf } from '../view/sender.ts';
import type { Cause, Find, Scene } from './cause.ts';

/** Containers that do not answer each other, where nothing that was found says why. */
export const silences: Find = (scene, found) => {
  const quiet = [...scene.sent].flatMap(([from, { silent }]) =>
    silent.filter((to) => scene.views.has(to) && !explained(from, to, found)).map((to): [string, string] => [from, to]),
  );
  if (quiet.length === 0) return [];
  // The host that has a part in all of them is the one to look at.
  const shared = scene.hosts.filter((host) => quiet.every((path) => path.includes(host)));
  const hosts = shared.length > 0 ? shared : [...new Set(quiet.flat())];
  return [
    {
      severity: 'cause',
      hosts,
      text: `containers do not answer (${quiet.map(([from, to]) => `${containerText(to, scene)} to ${containerText(from, scene)}`).join(', ')}), though what the hosts send each other arrives`,
      fix: `start the container on ${hosts[0]} again; where that does not help, \`systemctl restart docker\` there, and see \`journalctl -u docker\``,
      paths: quiet,
      passing: true,
    },
  ];
};

function explained(from: string, to: string, found: readonly Cause[]): boolean {
  return found.some(
    ({ severity, paths }) =>
      severity === 'cause' && paths.some(([a, b]) => (a === from && b === to) || (a === to && b === from)),
  );
}

function containerText(host: string, scene: Scene): string {
  const container = senderOf(scene.views.get(host)!);
  return `${container?.name ?? 'one'} on ${host}${container ? ` (${container.address})` : ''}`;
}
