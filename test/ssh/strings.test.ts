import { expect, it } from 'vitest';
import { amount, sendStrings } from '../property/strings.ts';
import { overSsh } from '../support/over-ssh.ts';

it('any string comes from the inventory over SSH to the host, byte for byte', async () => {
  const ground = await overSsh();
  try {
    const { count, seed } = amount(192);
    await sendStrings(ground, count, seed);
    expect(ground.server.logins).toBe(1);
  } finally {
    await ground.clean();
  }
}, 3_600_000);
