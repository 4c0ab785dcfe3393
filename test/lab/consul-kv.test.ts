import { expect, test } from 'vitest';
import { useLab } from '../support/lab.ts';
import { takeCourse } from './rows/course.ts';
import { CONSUL } from './rows/stores.ts';

// The Debian that has Consul is not the one that the other modules are proved on.
const lab = useLab({ image: 'bullseye' });

test('consul_kv keeps a value and its flags, and tells and mends what is changed by hand', async () => {
  const course = await takeCourse(lab, 'node1', CONSUL);
  const right = CONSUL.map(({ answer }) => answer);
  expect(course.told.changed, course.told.output).toEqual(['node1 consul_kv']);
  expect(course.afterCheck, 'a check changes nothing').toEqual(course.before);
  expect(course.made.changed, course.made.output).toEqual(['node1 consul_kv']);
  expect(course.after).toEqual(right);
  for (const again of [course.toldAgain, course.madeAgain]) expect(again.changed, again.output).toEqual([]);
  expect(
    course.toldDrift.diffs['node1 consul_kv']?.map(({ what }) => what),
    course.toldDrift.output,
  ).toEqual(['app/config value', 'app/config flags']);
  expect(course.afterMending).toEqual(right);
});
