import ipaddr from 'ipaddr.js';
import * as z from 'zod';

/** A port of a container, and the host's port that leads there. */
export interface PublishedPort {
  /** Empty: every address, of IPv6 as well; `0.0.0.0`: every address of IPv4. */
  ip: string;
  /** Empty: any free port; `8000-8010`: a free one of these. */
  host: string;
  /** `80/tcp`. */
  container: string;
}

const FORM =
  /^(?:(?:\[([\da-f:.]+)\]|(\d{1,3}(?:\.\d{1,3}){3})):)?(?:(\d{1,5}(?:-\d{1,5})?)?:)?(\d{1,5}(?:-\d{1,5})?)(?:\/(tcp|udp|sctp))?$/i;

/**
 * `[IP:][HOST:]CONTAINER[/udp]` as `docker run -p` takes it. Ranges of one length are paired, and a range of the host
 * for one port of the container is left to Docker to choose from.
 */
export const publishedPort = z.union([z.string(), z.int()]).transform((value, issues): PublishedPort[] => {
  const match = FORM.exec(String(value));
  const [, six, four, host = '', inside = '', protocol = 'tcp'] = match ?? [];
  const [outer, inner] = [range(host), range(inside)];
  const refuse = (message: string) => {
    issues.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (
    !match ||
    !outer ||
    !inner ||
    (four !== undefined && !ipaddr.IPv4.isValidFourPartDecimal(four)) ||
    (six !== undefined && !ipaddr.IPv6.isValid(six))
  ) {
    return refuse(
      `expected a port such as 8080:80, 127.0.0.1:8080:80, 8000-8002:80-82 or 53:53/udp, found ${String(value)}`,
    );
  }
  const ip = canonicalIp(six ?? four ?? '');
  const suffix = `/${protocol.toLowerCase()}`;
  if (inner.length === 1)
    return [
      {
        ip,
        host: outer.length > 1 ? `${outer[0]}-${outer.at(-1)}` : (outer[0]?.toString() ?? ''),
        container: `${inner[0]}${suffix}`,
      },
    ];
  if (outer.length > 0 && outer.length !== inner.length)
    return refuse(
      `the ranges of ${String(value)} have ${outer.length} and ${inner.length} ports; expected the same number`,
    );
  return inner.map((port, i) => ({ ip, host: outer[i]?.toString() ?? '', container: `${port}${suffix}` }));
});

/** All ports of `FIRST-LAST`; empty for no text, undefined for what is not a range of ports. */
function range(text: string): number[] | undefined {
  if (text === '') return [];
  const [first = 0, last = first] = text.split('-').map(Number);
  if (first < 1 && text !== '0') return undefined;
  return last > 65535 || last < first ? undefined : Array.from({ length: last - first + 1 }, (_one, i) => first + i);
}

/** As Docker's API takes and reports them. */
export type PortBindings = Record<string, { HostIp: string; HostPort: string }[] | null>;

export function portBindings(ports: PublishedPort[]): PortBindings {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { ip, host, container } of ports) (bindings[container] ??= []).push({ HostIp: ip, HostPort: host });
  return bindings;
}

/** `9769->8769/tcp`, one text for each. All addresses and all addresses of IPv4 are not the same. */
export function bindingTexts(bindings: PortBindings): string[] {
  return Object.entries(bindings).flatMap(([container, hosts]) =>
    (hosts ?? []).map(({ HostIp, HostPort }) => {
      const ip = canonicalIp(HostIp);
      return `${ip.includes(':') ? `[${ip}]:` : ip && `${ip}:`}${HostPort === '0' ? '' : HostPort}->${container}`;
    }),
  );
}

function canonicalIp(ip: string): string {
  return ipaddr.isValid(ip) ? ipaddr.parse(ip).toString() : ip;
}
