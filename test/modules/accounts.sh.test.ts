import { expect, test } from 'vitest';
import { parseAccounts, probeAccounts } from '../../runner/modules/accounts/account-state.ts';
import { FLAVOURS, LocalHost } from './local-host.ts';

/** Programs that answer as a host with a directory service does, in front of the machine's own. */
const PROGRAMS = `mkdir -p DIR/bin
printf '#!/bin/sh\\necho HOME=/people\\necho SHELL=/bin/zsh\\necho SKEL=/etc/skel\\n' >DIR/bin/useradd
printf '#!/bin/sh\\n[ "$2" != ina ] || { echo "ina:*:70001:70000:Ina:/home/ina:/bin/bash"; exit 0; }\\nexit 2\\n' >DIR/bin/getent
chmod +x DIR/bin/*
`;

test.each(FLAVOURS)(
  'with $name: of a user that the files do not have, a directory and the defaults of useradd are asked',
  (flavour) => {
    const host = new LocalHost(flavour);
    try {
      host.run({ text: PROGRAMS.replaceAll('DIR', host.directory) });
      const look = (user: string) => {
        const { text } = probeAccounts({ user, local: false });
        const { rc, stdout, stderr } = host.run({ text: `PATH=${host.directory}/bin:$PATH\n${text}` });
        return parseAccounts({ rc, stdout, stderr });
      };
      expect(look('nobody-has-this')).toMatchObject({ defaults: { home: '/people', shell: '/bin/zsh' } });
      expect(look('ina').user).toMatchObject({ uid: 70001, foreign: true });
      expect(look('root').user).toMatchObject({ uid: 0, gid: 0 });
      expect(look('root').defaults).toBeUndefined();
    } finally {
      host.close();
    }
  },
);
