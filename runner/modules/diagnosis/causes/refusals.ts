import { listed } from './cause.ts';
import type { Cause, Scene } from './cause.ts';
import { ownerOf } from './loss.ts';
import type { Loss } from './loss.ts';

/** Ports that nothing listens on, of hosts whose Docker answers. */
export function refusals(scene: Scene, dropped: readonly Loss[]): Cause[] {
  const by = new Map<string, { host: string; port: string; from: string[] }>();
  for (const [from, { refused }] of scene.sent)
    for (const line of refused) {
      const [host = '', port = ''] = line.split(' ');
      const one = by.get(line) ?? { host, port, from: [] };
      by.set(line, { ...one, from: [...one.from, from] });
    }
  return [...by.values()]
    .filter(({ host, port }) => {
      const view = scene.views.get(host);
      return (
        view !== undefined &&
        !dropped.some((loss) => ownerOf(loss) === host && loss.flow.port === Number(port)) &&
        view.docker.trouble === undefined &&
        view.docker.swarm.state === 'active' &&
        (port !== '2377' || view.docker.swarm.manager)
      );
    })
    .map(({ host, port, from }) => ({
      severity: 'cause',
      hosts: [host],
      text: `nothing listens on tcp/${port} of ${host} (refused to ${listed(from)})`,
      fix: `\`systemctl restart docker\` on ${host}; a firewall rule with REJECT looks the same`,
      paths: from.map((one): [string, string] => [one, host]),
    }));
}
