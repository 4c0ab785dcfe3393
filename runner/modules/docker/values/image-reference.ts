import * as z from 'zod';

/** The name of an image; without tag and digest it means the tag `latest`. */
export const imageReference = z
  .string()
  .regex(/^[a-z0-9][\w./:-]*(@sha256:[\da-f]{64})?$/, 'expected an image: lower-case name and tag, busybox:1.36')
  .transform((name) => (/:[^/]*$|@/.test(name) ? name : `${name}:latest`));

/** The short name of an image, as Docker keeps it: `docker.io/library/busybox:1` is `busybox:1`. */
export function familiarImage(name: string): string {
  return name.replace(/^(index\.)?docker\.io\//, '').replace(/^library\/(?=[^/]+$)/, '');
}
