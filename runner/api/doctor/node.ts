import { doubtful, fine } from './finding.ts';
import type { Finding } from './finding.ts';

/** When the last security fixes of a release come; https://github.com/nodejs/release#release-schedule */
const END_OF_LIFE: Record<string, string> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30', 26: '2029-04-30' };

/** The Node.js that xrun runs on; one that is too old has been refused before. */
export function nodeFinding(version: string, today: string): Finding {
  const [major = ''] = version.split('.');
  const end = END_OF_LIFE[major];
  const shown = `Node.js ${version}`;
  const current = Object.keys(END_OF_LIFE).filter((each) => today <= END_OF_LIFE[each]!);
  const install = `Install Node.js ${current.slice(-2).join(' or ')} from https://nodejs.org.`;
  if (end !== undefined && today > end)
    return doubtful('node', `${shown} gets no security fixes since ${end}`, install);
  if (Number(major) % 2 === 1) return doubtful('node', `${shown} is not a long-term release`, install);
  return fine('node', shown);
}
