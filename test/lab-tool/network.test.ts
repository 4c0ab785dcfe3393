import { expect, test } from 'vitest';
import { gateway, hostAddress, hostNamespace, macAddress, portName, switchName } from '../../lab/network.ts';

test('addresses, names and MACs of two labs differ in all', () => {
  const of = (id: number) => [
    gateway(id),
    hostAddress(id, 1),
    switchName(id),
    hostNamespace(id, 'node1'),
    macAddress(id, 1, 0),
  ];
  expect(of(7)).toEqual(['198.18.7.1', '198.18.7.11', 'xl007', 'xl007-node1', '02:58:52:07:00:01']);
  expect(of(255).filter((value) => of(7).includes(value))).toEqual([]);
});

test('no interface name is longer than the 15 characters Linux takes', () => {
  const last = { name: 'node50', index: 50, address: '' };
  expect(Math.max(portName(last, 1).length, switchName(255).length)).toBeLessThanOrEqual(15);
});
