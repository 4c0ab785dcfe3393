import { sh } from '../../model/script.ts';
import type { Script } from '../../model/script.ts';

// Busybox can make and remove accounts, but not change them: that is done on the files.

/** Gives field `index` (from 1) of the lines whose `key`th field is `match` another value; the file is replaced whole. */
export function setField(file: string, match: string, index: number, value: string, key = 1): Script {
  const program = '$ENVIRON["K"] == ENVIRON["MATCH"] { $ENVIRON["I"] = ENVIRON["VALUE"] } 1';
  return sh`t=${`${file}.xrun`}; cp -p ${file} "$t" && K=${key} I=${index} MATCH=${match} VALUE=${value} awk -F: -v OFS=: ${program} ${file} >"$t" && mv "$t" ${file}`;
}
