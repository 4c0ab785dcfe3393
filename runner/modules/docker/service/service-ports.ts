import * as z from 'zod';
import { port } from '../../../model/arguments/scalars.ts';

/** One published port of a service. */
export interface ServicePort {
  published_port?: number | undefined;
  target_port: number;
  protocol: 'tcp' | 'udp' | 'sctp';
  mode: 'ingress' | 'host';
}

const FORM = /^(?:(\d{1,5})(?:-(\d{1,5}))?:)?(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/;

const short = z.union([z.string(), z.int()]).transform((value, issues): ServicePort[] => {
  const match = FORM.exec(String(value));
  const [first, last, inner, innerLast] = match
    ? [match[1], match[2] ?? match[1], match[3], match[4] ?? match[3]].map((one) =>
        one === undefined ? undefined : Number(one),
      )
    : [];
  const count = (innerLast ?? 0) - (inner ?? 0) + 1;
  if (
    !match ||
    inner === undefined ||
    count < 1 ||
    [first, last, inner, innerLast].some((one) => one !== undefined && (one < 1 || one > 65535)) ||
    (first !== undefined && (last as number) - first + 1 !== count)
  ) {
    issues.addIssue({
      code: 'custom',
      message: `expected PUBLISHED:TARGET such as 8080:80, 53:53/udp or 8000-8002:80-82, found ${String(value)}`,
    });
    return z.NEVER;
  }
  const protocol = (match[5] ?? 'tcp') as ServicePort['protocol'];
  return Array.from({ length: count }, (_one, i) => ({
    ...(first !== undefined && { published_port: first + i }),
    target_port: inner + i,
    protocol,
    mode: 'ingress',
  }));
});

/** A published port, or a range of them: `8080:80`, `8000-8002:80-82/udp`, or in the long form. */
export const servicePort = z.union([
  short,
  z
    .strictObject({
      published_port: port.optional().describe('Port of the hosts; any free one where not given.'),
      target_port: port.describe('Port of the containers.'),
      protocol: z.enum(['tcp', 'udp', 'sctp']).default('tcp').describe('Protocol.'),
      mode: z
        .enum(['ingress', 'host'])
        .default('ingress')
        .describe("`ingress`: on every node, through the swarm's load balancer; `host`: on the nodes that run a task."),
    })
    .transform((one): ServicePort[] => [one]),
]);

interface ApiPort {
  Protocol?: string;
  TargetPort: number;
  PublishedPort?: number;
  PublishMode?: string;
}

/** For Docker's API. */
export function apiPort({ published_port, target_port, protocol, mode }: ServicePort): ApiPort {
  return {
    Protocol: protocol,
    TargetPort: target_port,
    ...(published_port && { PublishedPort: published_port }),
    PublishMode: mode,
  };
}

/** `8080->80/tcp`, with what Docker leaves out where it is usual. */
export function portText({ Protocol, TargetPort, PublishedPort, PublishMode }: ApiPort): string {
  return `${PublishedPort || ''}->${TargetPort}/${Protocol || 'tcp'}${PublishMode === 'host' ? '(host)' : ''}`;
}
