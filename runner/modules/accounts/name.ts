import * as z from 'zod';

/**
 * The name of a user or group, as Debian's useradd and directory services take it: `DOMAIN\name`, `name@realm`, `host$` and
 * letters of any language included. A line of /etc/passwd and the words of a command must be able to hold it.
 */
export const accountName = (what: string) =>
  z
    .string()
    .regex(
      /^(?!\d+$)(?![-+~@])[^\s:,/\p{Cc}]{1,256}$/u,
      `expected the name of a ${what}: without colons, commas, slashes and blanks, and no number`,
    );
