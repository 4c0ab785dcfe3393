/** A file of the controller's. Content is read when it is needed, so that large files need no memory. */
export interface LocalFile {
  /** Absolute. */
  path: string;
  size: number;
  /** Hex. */
  sha256: string;
  /** Permission bits as octal, `0644`. */
  mode: string;
  /** Present for files up to 256 KiB, so that changes of them can be shown as text. */
  content?: Buffer;
}

/** A directory of the controller's: all that is below it, by relative path; a directory before what is in it. */
export interface LocalTree {
  path: string;
  mode: string;
  files: { relative: string; file: LocalFile }[];
  directories: { relative: string; mode: string }[];
  /** Empty where links were followed. */
  links: { relative: string; target: string }[];
}

/** An archive of the controller's: the file, and what is in it. */
export interface LocalArchive extends LocalFile {
  format: ArchiveFormat;
  members: Member[];
}

export type ArchiveFormat = 'tar' | 'gzip' | 'bzip2' | 'xz' | 'zstd' | 'zip';

/** One thing in an archive. */
export interface Member {
  /** As the archive has it. */
  name: string;
  type: 'file' | 'directory' | 'link' | 'hard' | 'other';
  /** Octal, `0644`. */
  mode: string;
  size: number;
  /** Hex; of files. */
  sha256?: string;
  /** What a link points to; for a hard link the name of the other member. */
  target?: string;
}

/** Members of an archive, sent as a tar of their own, each under another name; a hard link's target is renamed as well. */
export interface LocalPack {
  archive: LocalArchive;
  members: { index: number; as: string; target?: string }[];
}
