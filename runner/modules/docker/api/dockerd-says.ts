import { raw } from '../../../model/script.ts';

/** Prints as an error what dockerd logged last of what went wrong; nothing without a journal, or nothing in it. */
export const DOCKERD_SAYS = raw(
  `if command -v journalctl >/dev/null 2>&1; then journalctl -u docker -S '-2min' -o cat --no-pager 2>/dev/null | sed -n '/level=error/s/.*msg=/dockerd: /p' | tail -n 1 >&2; fi`,
);
