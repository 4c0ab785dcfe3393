import { run } from './command.ts';
import { LabError } from './error.ts';

const suites = /^(bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

/**
 * The Debian mirror this machine's apt already uses, or XRUN_LAB_MIRROR.
 * Throws LabError on a machine whose apt knows none (Ubuntu, say).
 */
export async function mirror(): Promise<string> {
  const chosen = process.env['XRUN_LAB_MIRROR'];
  if (chosen) return chosen;
  // apt itself reads every notation of its sources; REPO_URI and RELEASE are its names for the first two columns.
  const targets = await run([
    'apt-get',
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE) $(COMPONENT)',
    'Created-By: Packages',
  ]);
  for (const line of targets.split('\n')) {
    const [uri = '', suite = '', component] = line.split(' ');
    if (suites.test(suite) && component === 'main') return uri;
  }
  throw new LabError("this machine's apt has no Debian mirror: name one in XRUN_LAB_MIRROR");
}
