import * as z from 'zod';

/** A port of a container, and the host's port that leads there. */
export interface PublishedPort {
  /** Empty: every address. */
  ip: string;
  /** Empty: any free port. */
  host: string;
  /** `80/tcp`. */
  container: string;
}

const FORM = /^(?:(?:\[([\da-f:.]+)\]|(\d{1,3}(?:\.\d{1,3}){3})):)?(?:(\d{1,5})?:)?(\d{1,5})(?:\/(tcp|udp|sctp))?$/;

/** `[IP:][HOST:]CONTAINER[/udp]`, as `docker run -p` takes it; ranges are not taken. */
export const publishedPort = z.union([z.string(), z.int()]).transform((value, issues): PublishedPort => {
  const match = FORM.exec(String(value));
  const [, six, four, host = '', inside = '', protocol = 'tcp'] = match ?? [];
  if (!match || [host, inside].some((port) => Number(port) > 65535)) {
    issues.addIssue({ code: 'custom', message: `expected a port such as 8080:80, 127.0.0.1:8080:80 or 53:53/udp, found ${String(value)}` });
    return z.NEVER;
  }
  return { ip: six ?? four ?? '', host, container: `${inside}/${protocol}` };
});

/** As Docker's API takes and tells them. */
export type PortBindings = Record<string, { HostIp: string; HostPort: string }[] | null>;

export function portBindings(ports: PublishedPort[]): PortBindings {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { ip, host, container } of ports) (bindings[container] ??= []).push({ HostIp: ip, HostPort: host });
  return bindings;
}

/** `9769->8769/tcp`, sorted. */
export function formatBindings(bindings: PortBindings): string {
  return Object.entries(bindings)
    .flatMap(([container, hosts]) => (hosts ?? []).map(({ HostIp, HostPort }) => `${HostIp && HostIp !== '0.0.0.0' ? `${HostIp}:` : ''}${HostPort === '0' ? '' : HostPort}->${container}`))
    .sort()
    .join(' ');
}
