import { expect, test } from 'vitest';
import type { AnyModule, Decision } from '../../runner/model/module.ts';
import { loadModule } from '../../runner/modules/registry.ts';
import { FLAVOURS, LocalHost } from './local-host.ts';

test.each(FLAVOURS.slice(0, 1))(
  'with $name: key, request and certificate are made, are right then, and follow another key',
  async (flavour) => {
    const host = new LocalHost(flavour);
    const path = (name: string) => `${host.directory}/${name}`;
    /** What the module decides; a change is made. */
    const done = async (name: string, given: Record<string, unknown>) => {
      const module = (await loadModule(name)) as AnyModule;
      const { decision } = host.look(module, module.args.parse(given) as never, {}, false);
      if (decision.kind === 'change') await host.apply((decision as Extract<Decision, { kind: 'change' }>).steps);
      return decision.kind;
    };
    const all = async () => [
      await done('openssl_privatekey', { path: path('key'), type: 'Ed25519', passphrase: 'se c"ret' }),
      await done('openssl_csr', {
        path: path('csr'),
        privatekey_path: path('key'),
        privatekey_passphrase: 'se c"ret',
        common_name: 'a.example.net',
      }),
      await done('x509_certificate', {
        path: path('crt'),
        csr_path: path('csr'),
        provider: 'selfsigned',
        privatekey_path: path('key'),
        privatekey_passphrase: 'se c"ret',
      }),
    ];
    try {
      expect(await all()).toEqual(['change', 'change', 'change']);
      expect(await all()).toEqual(['ok', 'ok', 'ok']);
      host.run({ text: `rm ${path('key')}` });
      expect(await all()).toEqual(['change', 'change', 'change']);
      expect(
        host.run({
          text: `openssl verify -CAfile ${path('crt')} ${path('crt')} >/dev/null; stat -c %a ${path('key')}`,
        }),
      ).toMatchObject({ rc: 0, stdout: '600\n' });
    } finally {
      host.close();
    }
  },
);
