import { renameSync, writeFileSync } from 'node:fs';

/** Whole or not at all: another xrun may be starting from here. */
export function write(file, contents) {
  writeFileSync(`${file}.${process.pid}`, contents);
  renameSync(`${file}.${process.pid}`, file);
}
