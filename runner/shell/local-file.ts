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

/** A directory of the controller's: its files by relative path, and its sub-directories. */
export interface LocalTree {
  path: string;
  files: { relative: string; file: LocalFile }[];
  directories: string[];
}
