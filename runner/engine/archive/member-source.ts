import type { Member } from '../../shell/local-file.ts';

/** A member as it is met while an archive is read; its content can be read once, and only before the next is asked for. */
export interface Met {
  member: Member;
  /** Empty for all but files. */
  content: AsyncIterable<Buffer>;
  /** Who owned it, as far as the archive tells. */
  owner?: { uid: number; gid: number; user: string; group: string };
  /** Seconds since 1970. */
  mtime: number;
}

/** No content. */
// oxlint-disable-next-line require-yield
export async function* nothing(): AsyncGenerator<Buffer> {}
