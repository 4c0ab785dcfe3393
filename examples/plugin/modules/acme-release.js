// @ts-check
import { absolutePath, defineModule, sh, tame, z } from 'xrun/module';

const args = z.strictObject({
  path: absolutePath.describe('The directory of the application. Its releases are in `releases/`.'),
  version: z
    .string()
    .regex(/^[\w.+-]+$/, 'expected the name of a release')
    .describe('The release that `current` is to be.'),
});

/** @typedef {{ current: string | undefined, unpacked: boolean }} State */

export const acmeRelease = defineModule({
  name: 'acme_release',
  summary: 'Make one of the unpacked releases of an application the current one',
  notes: ['The link `current` is replaced at once: a program that opens it finds the old release or the new one.'],
  examples: `- name: The application runs version 1.4.2
  acme_release:
    path: /srv/shop
    version: 1.4.2
`,
  args,
  resource: ({ path }) => `acme-release:${path}`,

  // Only reads, and leaves its shell as it was, so that it may share a round trip with other tasks.
  probe: ({ path, version }) => tame(sh`if [ -d ${`${path}/releases/${version}`} ]; then echo unpacked; fi
if [ -L ${`${path}/current`} ]; then readlink ${`${path}/current`}; fi`),

  /** @returns {State} */
  parse({ stdout }) {
    const lines = stdout.split('\n').filter(Boolean);
    const link = lines.find((line) => line !== 'unpacked');
    return { current: link?.replace(/^releases\//, ''), unpacked: lines.includes('unpacked') };
  },

  decide({ path, version }, /** @type {State} */ { current, unpacked }) {
    if (current === version) return { kind: 'ok', result: { version } };
    if (!unpacked) return { kind: 'fail', message: `release ${version} is not in ${path}/releases`, hint: 'unpack it there before, by the module unarchive' };
    const fresh = `${path}/current.new`;
    return {
      kind: 'change',
      diff: [{ what: `${path}/current`, before: current ?? null, after: version }],
      steps: [{ do: 'run', script: sh`rm -f ${fresh} && ln -s ${`releases/${version}`} ${fresh} && mv -T ${fresh} ${`${path}/current`}` }],
      after: { current: version, unpacked },
      result: { version },
    };
  },

  // After the steps it is looked at again.
  prove: true,
});
