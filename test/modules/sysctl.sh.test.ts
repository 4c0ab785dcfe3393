import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import module from '../../runner/modules/network/sysctl.ts';
import { FLAVOURS, LocalHost } from './local-host.ts';

/** Settings of several digits, of several numbers, and of text: the kernel gives the first to who asks byte by byte only in part. */
const SETTINGS = ['net.ipv4.tcp_keepalive_time', 'net.ipv4.ip_local_port_range', 'kernel.ostype', 'net/ipv4/tcp_rmem'];

test.each(FLAVOURS)('with $name a setting is read whole', (flavour) => {
  const host = new LocalHost(flavour);
  try {
    for (const name of SETTINGS) {
      const args = module.args.parse({ name, value: 1, sysctl_file: `${host.directory}/kept.conf` });
      const { text } = module.probe!(args, {})!;
      const probed = host.run({ text: `probe() {\n${text}\n}\nprobe` });
      const live = readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8')
        .trim()
        .replaceAll(/\s+/g, ' ');
      expect(module.parse!(probed, args), name).toMatchObject({ live });
    }
  } finally {
    host.close();
  }
});
